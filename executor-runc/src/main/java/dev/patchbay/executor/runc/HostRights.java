package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExecutorException.RuntimeUnusable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What this process may do, as proc_pid_status(5) tells it: without these rights no container can be made. */
final class HostRights {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int EFFECTIVE = 1; // of: real, effective, saved, file system
    private static final int CAP_SYS_ADMIN = 21; // capability.h

    private HostRights() {}

    /** Says no with the remedy. @throws RuntimeUnusable if this process may not run containers */
    static void require() throws IOException {
        missing(Files.readAllLines(STATUS)).ifPresent(what -> {
            throw new RuntimeUnusable("containers cannot be run here: " + what, null);
        });
    }

    /** What is missing, and the remedy; empty if nothing is. */
    static Optional<String> missing(List<String> status) {
        String[] users = field(status, "Uid:").split("\\s+", -1);
        if (users.length > EFFECTIVE && !users[EFFECTIVE].equals("0")) {
            return Optional.of("this process runs as user " + users[EFFECTIVE]
                    + ", and mounts, control groups and containers need root; start the host as root");
        }
        String capabilities = field(status, "CapEff:");
        if (!capabilities.isEmpty()
                && (Long.parseUnsignedLong(capabilities, 16) & 1L << CAP_SYS_ADMIN) == 0) {
            return Optional
                    .of("this process is root without CAP_SYS_ADMIN, which mounts need; if it runs in a"
                            + " container itself, start that one privileged");
        }
        return Optional.empty();
    }

    private static String field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }
}
