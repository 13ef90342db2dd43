package dev.patchbay.benchmarks.measure;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Where a daemon listens. */
public sealed interface Target {
    /**
     * A unix socket.
     *
     * @param socket its path, absolute
     */
    record Unix(Path socket) implements Target {
        @Override
        public SocketAddress address() {
            return UnixDomainSocketAddress.of(socket);
        }

        @Override
        public String host() {
            return "localhost";
        }

        @Override
        public String toString() {
            return "unix://" + socket;
        }
    }

    /**
     * A port.
     *
     * @param name the host's name or address
     * @param port the number
     */
    record Tcp(String name, int port) implements Target {
        @Override
        public SocketAddress address() {
            return new InetSocketAddress(name, port);
        }

        @Override
        public String host() {
            return name + ":" + port;
        }

        @Override
        public String toString() {
            return "http://" + host();
        }
    }

    /**
     * A port where TLS is spoken.
     *
     * @param name the host's name or address, which the server's certificate must have
     * @param port the number
     */
    record Tls(String name, int port) implements Target {
        @Override
        public SocketAddress address() {
            return new InetSocketAddress(name, port);
        }

        @Override
        public String host() {
            return name + ":" + port;
        }

        @Override
        public String toString() {
            return "https://" + host();
        }
    }

    /** What is connected to. A name is looked up each time. */
    SocketAddress address();

    /** What the field {@code Host} of a request says. */
    String host();

    /**
     * Reads {@code unix:///PATH}, {@code http://HOST:PORT}, which may be called {@code tcp} too, or {@code https://HOST:PORT}.
     *
     * @throws IllegalArgumentException with a sentence, if it is none of them
     */
    static Target parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw none(text);
        }
        String scheme = String.valueOf(uri.getScheme());
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (scheme.equals("unix") && uri.getAuthority() == null && path.length() > 1) {
            return new Unix(Path.of(path));
        }
        if (uri.getHost() != null && uri.getPort() > 0 && (path.isEmpty() || path.equals("/"))) {
            switch (scheme) {
                case "http", "tcp" -> {
                    return new Tcp(uri.getHost(), uri.getPort());
                }
                case "https" -> {
                    return new Tls(uri.getHost(), uri.getPort());
                }
                default -> {
                }
            }
        }
        throw none(text);
    }

    private static IllegalArgumentException none(String text) {
        return new IllegalArgumentException(
                "a target is unix:///PATH, http://HOST:PORT or https://HOST:PORT, not \"" + text + "\"");
    }
}
