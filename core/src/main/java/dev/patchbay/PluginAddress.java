package dev.patchbay;

import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Where a plugin listens. */
public sealed interface PluginAddress {

    /**
     * A socket file, as every managed plugin has one.
     *
     * @param socket its absolute path
     */
    record Unix(Path socket) implements PluginAddress {
        /** Checks. @throws IllegalArgumentException if the path is not absolute */
        public Unix {
            if (!socket.isAbsolute()) {
                throw new IllegalArgumentException("the path of a socket must be absolute: " + socket);
            }
        }

        @Override
        public String toString() {
            return "unix://" + socket;
        }
    }

    /**
     * A port, which only plugins have that nobody manages.
     *
     * @param host a name or an address
     * @param port from 1 to 65535
     * @param tls what is shown and whom is trusted, if it is spoken; names in certificates are compared with the host,
     *     unless its trust manager does otherwise
     */
    record Tcp(String host, int port, Optional<SSLContext> tls) implements PluginAddress {
        private static final int HIGHEST = 0xffff;

        /** Checks. @throws IllegalArgumentException if there can be no such port, or no host is named */
        public Tcp {
            if (host.isEmpty() || port < 1 || port > HIGHEST) {
                throw new IllegalArgumentException("not a host and a port: " + host + ":" + port);
            }
        }

        @Override
        public String toString() {
            return (tls.isPresent() ? "https://" : "tcp://") + host + ":" + port;
        }
    }
}
