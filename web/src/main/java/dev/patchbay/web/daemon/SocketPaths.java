package dev.patchbay.web.daemon;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** How long the path of a unix socket may be: sockaddr_un holds 108 bytes, one of them the closing zero (unix(7)). */
final class SocketPaths {
    /** The longest path that the kernel takes. */
    static final int MAX_BYTES = 107;

    /** What stands between exec root and socket name: a slash, an id of 64 digits, a slash. */
    private static final int ID_BYTES = 66;

    /** What a plugin's socket name needs at least: {@code rclone.sock} and its like, with a little room. */
    private static final int SOCKET_NAME_BYTES = 12;

    /** The longest exec root below which plugins' sockets can be reached. */
    static final int MAX_EXEC_ROOT_BYTES = MAX_BYTES - ID_BYTES - SOCKET_NAME_BYTES;

    private SocketPaths() {}

    static void checkListening(Path socket) {
        int bytes = bytes(socket);
        if (bytes > MAX_BYTES) {
            throw UsageException.configuration(
                    "the socket path " + socket + " is " + bytes + " bytes long and the kernel takes at most "
                            + MAX_BYTES + "; choose a shorter path for --host");
        }
    }

    static void checkExecRoot(Path execRoot) {
        int bytes = bytes(execRoot);
        if (bytes > MAX_EXEC_ROOT_BYTES) {
            throw UsageException.configuration(
                    "the exec root " + execRoot + " is " + bytes
                            + " bytes long; with a plugin's id and socket name"
                            + " below it, a socket path would exceed the kernel's " + MAX_BYTES
                            + " bytes; choose an --exec-root of at most " + MAX_EXEC_ROOT_BYTES + " bytes");
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
