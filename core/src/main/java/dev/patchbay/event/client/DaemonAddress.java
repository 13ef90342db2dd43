package dev.patchbay.event.client;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Optional;
import reactor.netty.http.client.HttpClient;

/**
 * Where a daemon listens.
 *
 * @param target what the WebSocket's handshake asks for
 * @param socket the unix socket, if it is one
 */
record DaemonAddress(String target, Optional<SocketAddress> socket) {
    private static final String STREAM = "/patchbay/v1/events";

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException if it is none of a daemon
     */
    static DaemonAddress of(URI uri) {
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
        String path = Optional.ofNullable(uri.getPath()).orElse("");
        boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null;
        return switch (scheme) {
            case "unix" -> {
                if (!plain || uri.getAuthority() != null || !path.startsWith("/")) {
                    throw wrong(uri);
                }
                // Not a whole URI: that would be where the client connects to, whatever else it is told.
                yield new DaemonAddress(STREAM, Optional.of(new DomainSocketAddress(path)));
            }
            case "ws", "wss" -> {
                if (!plain || uri.getHost() == null) {
                    throw wrong(uri);
                }
                boolean bare = path.isEmpty() || path.equals("/");
                yield new DaemonAddress(
                        scheme + "://" + uri.getRawAuthority() + (bare ? STREAM : uri.getRawPath()),
                        Optional.empty());
            }
            default -> throw wrong(uri);
        };
    }

    private static IllegalArgumentException wrong(URI uri) {
        return new IllegalArgumentException(
                "a daemon is at unix:///PATH, ws://HOST:PORT or wss://HOST:PORT, with a path or none, not at "
                        + uri);
    }

    HttpClient reach(HttpClient client) {
        return socket.map(address -> client.remoteAddress(() -> address)).orElse(client);
    }
}
