package dev.patchbay.web.daemon;

import dev.patchbay.web.ListenAddress;
import dev.patchbay.web.TlsFiles;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads addresses to listen on: {@code unix:///PATH} or {@code tcp://IP:PORT}. Names are not looked up: what a name means
 * can change behind the back of the check for loopback.
 *
 * @param group who may use unix sockets beside root
 * @param tls what TCP is protected with
 */
record Hosts(Optional<String> group, Optional<TlsFiles> tls) {
    /** Reads one address. */
    ListenAddress parse(String text) {
        if (text.startsWith("unix://")) {
            return unix(text, text.substring("unix://".length()));
        }
        if (text.startsWith("tcp://")) {
            return tcp(text, text.substring("tcp://".length()));
        }
        throw bad(text, "must be unix:///PATH or tcp://IP:PORT");
    }

    /** Whether other machines may reach an address. */
    static boolean isOpenToOthers(ListenAddress address) {
        return switch (address) {
            case ListenAddress.Unix _ -> false;
            case ListenAddress.Tcp tcp -> !InetAddress.ofLiteral(tcp.host()).isLoopbackAddress();
        };
    }

    private ListenAddress unix(String text, String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw bad(text, "must name a socket by an absolute path, such as " + Configuration.DEFAULT_HOST);
        }
        try {
            Path normal = Path.of(path).normalize();
            SocketPaths.checkListening(normal);
            return new ListenAddress.Unix(normal, group);
        } catch (InvalidPathException e) {
            throw bad(text, "is not a path: " + e.getReason());
        }
    }

    private ListenAddress tcp(String text, String rest) {
        int colon = rest.lastIndexOf(':');
        String ip = colon < 0 ? rest : rest.substring(0, colon);
        boolean bracketed = ip.startsWith("[") && ip.endsWith("]");
        if (colon < 0 || ip.isEmpty() || (ip.indexOf(':') >= 0 && !bracketed)) {
            throw bad(text,
                    "must have an IP address and a port, such as tcp://127.0.0.1:2375 or tcp://[::1]:2375");
        }
        String literal = bracketed ? ip.substring(1, ip.length() - 1) : ip;
        try {
            InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException _) {
            throw bad(text,
                    "must have an IP address, not a name; for this machine alone write tcp://127.0.0.1:PORT");
        }
        return new ListenAddress.Tcp(literal, port(text, rest.substring(colon + 1)), tls);
    }

    private static int port(String text, String digits) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
            throw bad(text, "must end with a port from 0 to 65535");
        }
        return Integer.parseInt(digits);
    }

    private static UsageException bad(String text, String problem) {
        return UsageException.configuration("host \"" + text + "\" " + problem);
    }
}
