package dev.patchbay.examples;

import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.syscall.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Where a host keeps plugins and sockets in a test. Closing fails if the host has left a mount or a container. */
public record HostFolder(Path folder) implements AutoCloseable {
    /** Makes a new one, with a path short enough for sockets. */
    public static HostFolder make() throws IOException {
        return new HostFolder(Files
                .createDirectory(Path.of("/tmp", "pbe" + Integer.toHexString(new SecureRandom().nextInt()))));
    }

    /** For what survives. */
    public Path root() {
        return folder.resolve("r");
    }

    /** For sockets. */
    public Path execRoot() {
        return folder.resolve("x");
    }

    @Override
    public void close() throws IOException {
        var mounts = MountTable.read().atOrBelow(folder);
        var processes = ProcessHandle.allProcesses()
                .filter(it -> commandLine(it.pid()).contains(folder.toString()))
                .map(it -> it.pid() + " " + commandLine(it.pid()))
                .toList();
        if (!mounts.isEmpty() || !processes.isEmpty()) {
            throw new AssertionError("left: " + mounts + ", " + processes);
        }
        TreeDeletion.delete(folder);
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
        } catch (IOException _) {
            return ""; // gone
        }
    }
}
