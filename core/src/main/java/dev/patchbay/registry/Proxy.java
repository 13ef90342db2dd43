package dev.patchbay.registry;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import reactor.netty.transport.ProxyProvider;

/**
 * A proxy. Connections through it are tunnels ({@code CONNECT}), those without encryption too.
 *
 * @param type what it speaks
 * @param host its name or address
 * @param port its port
 * @param username empty if it wants none
 * @param password empty if it wants none
 */
record Proxy(ProxyProvider.Proxy type, String host, int port, String username, String password) {
    private static final int HTTP_PORT = 80;
    private static final int SOCKS_PORT = 1080;

    /** Reads what stands in an environment variable. @throws IllegalArgumentException if it is no proxy */
    static Proxy parse(String variable, String text) {
        URI url = url(variable, text);
        boolean socks = switch (url.getScheme().toLowerCase(Locale.ROOT)) {
            case "http" -> false;
            case "socks5", "socks5h" -> true;
            default -> throw new IllegalArgumentException(
                    variable + " names a proxy that is neither http nor socks5");
        };
        int fallback = socks ? SOCKS_PORT : HTTP_PORT;
        String[] user = Optional.ofNullable(url.getRawUserInfo()).orElse("").split(":", 2);
        return new Proxy(socks ? ProxyProvider.Proxy.SOCKS5 : ProxyProvider.Proxy.HTTP,
                url.getHost().replaceAll("[\\[\\]]", ""), url.getPort() == -1 ? fallback : url.getPort(),
                decoded(user[0]), user.length == 1 ? "" : decoded(user[1]));
    }

    /** Tells the client. */
    void configure(ProxyProvider.TypeSpec spec, long connectMillis) {
        var builder = spec.type(type).host(host).port(port).connectTimeoutMillis(connectMillis);
        if (!username.isEmpty()) {
            builder.username(username).password(_ -> password);
        }
    }

    /** Without its password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static URI url(String variable, String text) {
        try {
            var url = URI.create(text.contains("://") ? text : "http://" + text);
            if (url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException _) {
            // Falls through: the text may hold a password, so neither it nor the cause is passed on.
        }
        throw new IllegalArgumentException(variable + " is not the URL of a proxy");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
