package dev.patchbay.web;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Where a server listens. Prints as users write it: {@code unix:///path} or {@code tcp://host:port}. */
public sealed interface ListenAddress {
    /** The longest path of a unix socket, in bytes: {@code sun_path} holds 108 with the final NUL (unix(7)). */
    int MAX_SOCKET_PATH_BYTES = 107;

    /**
     * A unix socket. Made with mode 0660; a socket that a dead server left behind is replaced.
     *
     * @param path where, absolute
     * @param group the group that may connect, by name or number; else the process's own
     */
    record Unix(Path path, Optional<String> group) implements ListenAddress {
        /** Checks the length. @throws IllegalArgumentException with the length and the remedy if it is too long */
        public Unix {
            int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_SOCKET_PATH_BYTES) {
                throw new IllegalArgumentException("the socket path " + path + " has " + bytes
                        + " bytes, the kernel takes " + MAX_SOCKET_PATH_BYTES + "; choose a shorter one");
            }
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("the socket path " + path + " is not absolute");
            }
        }

        @Override
        public String toString() {
            return "unix://" + path;
        }
    }

    /**
     * A TCP port.
     *
     * @param host a name or an address; IPv6 without brackets
     * @param port 0 to 65535; 0 lets the kernel choose
     * @param tls certificates for mutual TLS; without them only loopback is allowed, see {@link ServerConfig.PlainTcp}
     */
    record Tcp(String host, int port, Optional<TlsFiles> tls) implements ListenAddress {
        /** Checks the port. */
        public Tcp {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
            }
        }

        @Override
        public String toString() {
            return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
