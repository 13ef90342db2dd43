package dev.patchbay.executor.runc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process that a later one with the same pid is not taken for.
 *
 * @param pid its number
 * @param startTicks when it started, in clock ticks since boot (proc_pid_stat(5), field 22)
 */
record ProcessIdentity(long pid, long startTicks) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int POLL_MILLIS = 2;
    private static final int STATE_FIELD = 0;
    private static final int PARENT_FIELD = 1;
    private static final int START_FIELD = 19;

    /** A name for the time since the machine was started, in which {@link #startTicks} means something (random(4)). */
    static String bootId() throws IOException {
        return Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip();
    }

    /** The process that has this pid now; empty if there is none or it is a zombie. */
    static Optional<ProcessIdentity> of(long pid) {
        return stat(pid).map(fields -> new ProcessIdentity(pid, Long.parseLong(fields.get(START_FIELD))));
    }

    // The second field is the program's name in parentheses and may hold anything, so fields count after it.
    private static Optional<List<String>> stat(long pid) {
        try {
            String stat = new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat")),
                    StandardCharsets.ISO_8859_1);
            List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            boolean dead = fields.get(STATE_FIELD).equals("Z") || fields.get(STATE_FIELD).equals("X");
            return dead ? Optional.empty() : Optional.of(fields);
        } catch (IOException _) {
            return Optional.empty(); // no such process, or gone while we read
        }
    }

    /** The one that started it, or took it in; empty if it is gone. */
    Optional<ProcessIdentity> parent() {
        return stat(pid).filter(fields -> Long.parseLong(fields.get(START_FIELD)) == startTicks)
                .flatMap(fields -> of(Long.parseLong(fields.get(PARENT_FIELD))));
    }

    /** Its command line; empty if it is gone. */
    List<String> arguments() {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"),
                    StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0", -1));
        } catch (IOException _) {
            return List.of();
        }
    }

    /** Whether it still runs. A zombie does not: its parent may take seconds to reap it. */
    boolean alive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Sends SIGTERM or SIGKILL. @return whether there was still a process to send it to, or the kernel refused */
    boolean signal(dev.patchbay.executor.Signal signal) {
        // The handle remembers the start time of whatever has the pid now and refuses to signal another one: taken
        // before the comparison, it cannot hit a process that reuses the pid.
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isEmpty() || !alive()) {
            return false;
        }
        return switch (signal) {
            case TERM -> handle.get().destroy();
            case KILL -> handle.get().destroyForcibly();
        };
    }

    /**
     * Waits for a tenth of the limit, in case it ends by itself; then kills it.
     *
     * @throws IOException if it did not end within the limit of that
     */
    void end(Duration limit) throws IOException, InterruptedException {
        if (awaitEnd(limit.dividedBy(10))) {
            return;
        }
        signal(dev.patchbay.executor.Signal.KILL);
        if (!awaitEnd(limit)) {
            throw new IOException("process " + pid + " did not end within " + Processes.readable(limit)
                    + " of SIGKILL");
        }
    }

    /** Waits for its end. @return whether it ended within the limit */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        // Not our child, so the kernel tells us nothing without a pidfd. Only leftovers and lost monitors come here.
        long deadline = System.nanoTime() + limit.toNanos();
        while (alive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }
}
