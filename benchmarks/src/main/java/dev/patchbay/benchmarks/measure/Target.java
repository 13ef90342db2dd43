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

    /** What is connected to. A name is looked up each time. */
    SocketAddress address();

    /** What the field {@code Host} of a request says. */
    String host();

    /**
     * Reads {@code unix:///PATH}, {@code http://HOST:PORT} or {@code tcp://HOST:PORT}.
     *
     * @throws IllegalArgumentException with a sentence, if it is neither
     */
    static Target parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw neither(text);
        }
        String scheme = String.valueOf(uri.getScheme());
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (scheme.equals("unix") && uri.getAuthority() == null && path.length() > 1) {
            return new Unix(Path.of(path));
        }
        boolean plain = path.isEmpty() || path.equals("/");
        if ((scheme.equals("http") || scheme.equals("tcp")) && uri.getHost() != null && uri.getPort() > 0
                && plain) {
            return new Tcp(uri.getHost(), uri.getPort());
        }
        throw neither(text);
    }

    private static IllegalArgumentException neither(String text) {
        return new IllegalArgumentException(
                "a target is unix:///PATH or http://HOST:PORT, not \"" + text + "\"");
    }
}
