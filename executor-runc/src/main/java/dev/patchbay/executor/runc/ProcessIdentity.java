package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that a later one with the same pid is not taken for. Whatever is asked of it fails with an exception if the
 * kernel does not answer: a look that fails proves neither that it runs nor that it has ended.
 *
 * @param pid its number
 * @param startTicks when it started, in clock ticks since boot (proc_pid_stat(5), field 22)
 */
record ProcessIdentity(long pid, long startTicks) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int POLL_MILLIS = 2;

    private static volatile @Nullable String bootId; // the same for as long as any process lives

    // Written out, here and below: what Java makes for records is slow at first, and each start compares some.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProcessIdentity process && pid == process.pid
                && startTicks == process.startTicks;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(pid) + Long.hashCode(startTicks);
    }

    /** A name for the time since the machine was started, in which {@link #startTicks} means something (random(4)). */
    static String bootId() throws IOException {
        String known = bootId;
        if (known == null) {
            known = Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip();
            bootId = known;
        }
        return known;
    }

    /** The process that has this pid now; empty if there is none or it is a zombie. */
    static Optional<ProcessIdentity> of(long pid) throws IOException {
        return ProcessStat.of(pid).map(ProcessStat::process);
    }

    /** The one that started it, or took it in; empty if it is gone. */
    Optional<ProcessIdentity> parent() throws IOException {
        Optional<ProcessStat> stat = ProcessStat.of(pid).filter(it -> it.process().equals(this));
        return stat.isPresent() ? of(stat.get().parent()) : Optional.empty();
    }

    /** Its command line; empty if it is gone. */
    List<String> arguments() throws IOException {
        return ProcessStat.read(pid, "cmdline", StandardCharsets.ISO_8859_1)
                .map(line -> List.of(line.split("\0", -1)))
                .orElse(List.of());
    }

    /** Whether it still runs. A zombie does not: its parent may take seconds to reap it. */
    boolean alive() throws IOException {
        return of(pid).filter(this::equals).isPresent();
    }

    /**
     * Sends SIGTERM or SIGKILL.
     *
     * @return whether there was still a process to send it to
     * @throws IOException if that cannot be told, or it runs and was not sent the signal
     */
    boolean signal(Signal signal) throws IOException {
        // The handle remembers the start time of whatever has the pid now and refuses to signal another one: taken
        // before the comparison, it cannot hit a process that reuses the pid.
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (!alive()) {
            return false;
        }
        boolean sent = handle.isPresent() && switch (signal) {
            case TERM -> handle.get().destroy();
            case KILL -> handle.get().destroyForcibly();
        };
        // To the handle a process that it cannot look at has ended, so what it says counts only if it did something.
        if (!sent && alive()) {
            throw new IOException("process " + pid + " could not be sent " + signal
                    + ": the kernel refuses, or did not let us look at it");
        }
        return sent;
    }

    /**
     * Waits for a tenth of the limit, in case it ends by itself; then kills it.
     *
     * @throws IOException if it did not end within the limit of that, or nobody can tell
     */
    void end(Duration limit) throws IOException, InterruptedException {
        if (awaitEnd(limit.dividedBy(10))) {
            return;
        }
        signal(Signal.KILL);
        if (!awaitEnd(limit)) {
            throw new IOException("process " + pid + " did not end within " + Processes.readable(limit)
                    + " of SIGKILL");
        }
    }

    /** Waits for its end. @return whether it ended within the limit */
    boolean awaitEnd(Duration limit) throws IOException, InterruptedException {
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
