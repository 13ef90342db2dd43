package dev.patchbay.web.daemon;

import dev.patchbay.thread.FreshThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What stands in for conmon, a runtime and plugins while {@link Training} runs, so that it needs neither root nor any of
 * them: a container is a process that sleeps, and all have one socket, which accepts.
 *
 * @param folder where the programs and the socket are
 * @param socket what all plugins listen on
 */
record TrainingPrograms(Path folder, ServerSocketChannel socket) implements AutoCloseable {
    /** The file name of a plugin's socket. */
    static final String SOCKET = "t.sock";

    private static final int BACKLOG = 256;

    // conmon(8): tells the process on descriptor 3, writes the log, and at the end the exit code into a file.
    private static final String CONMON = """
            #!/bin/sh
            while [ $# -gt 0 ]; do
                case $1 in
                    --version) exec echo training ;;
                    -c) id=$2 ;;
                    -p) pidfile=$2 ;;
                    -l) log=${2#*:} ;;
                    --exit-dir) exits=$2 ;;
                esac
                shift
            done
            sleep 60 3>&- &
            pid=$!
            echo "$pid" >"$pidfile"
            echo "2026-01-01T00:00:00.000000000+00:00 stdout F training" >>"$log"
            ln "$(dirname "$0")/t.sock" "$(dirname "$0")/x/$id/t.sock"
            echo "{\\"data\\": $pid}" >&3
            exec 3>&-
            wait "$pid"
            printf %s $? >"$exits/$id"
            """;
    private static final String RUNTIME = """
            #!/bin/sh
            [ "$1" != --version ] || echo training
            """;

    /** Writes the programs and listens. */
    static TrainingPrograms in(Path folder) throws IOException {
        for (Path program : new Path[]{conmon(folder), runtime(folder)}) {
            Files.createFile(program,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.writeString(conmon(folder), CONMON);
        Files.writeString(runtime(folder), RUNTIME);
        var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(folder.resolve(SOCKET)), BACKLOG);
        var programs = new TrainingPrograms(folder, socket);
        FreshThread.start("training-programs", programs::accept);
        return programs;
    }

    private void accept() {
        try {
            while (socket.isOpen()) {
                socket.accept().close();
            }
        } catch (IOException e) {
            if (socket.isOpen()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Path conmon(Path folder) {
        return folder.resolve("conmon");
    }

    private static Path runtime(Path folder) {
        return folder.resolve("runtime");
    }

    Path conmon() {
        return conmon(folder);
    }

    Path runtime() {
        return runtime(folder);
    }

    /** The exec root that the programs know. */
    Path execRoot() {
        return folder.resolve("x");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
