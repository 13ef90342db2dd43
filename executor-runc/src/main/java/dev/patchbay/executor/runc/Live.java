package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerUsage;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.Signal;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A container that was started or taken over here and not deleted yet.
 *
 * @param record what it is made of
 * @param process its first process
 * @param log where its output goes
 * @param ended completed when its end was told
 * @param killed whether it was sent KILL from here while it ran
 */
record Live(ContainerRecord record, ProcessIdentity process, Logs.Session log,
        CompletableFuture<ExitSignal> ended, AtomicBoolean killed) {
    Live(ContainerRecord record, ProcessIdentity process, Logs.Session log) {
        this(record, process, log, new CompletableFuture<>(), new AtomicBoolean());
    }

    int generation() {
        return record.generation();
    }

    RunningContainer running() {
        return new RunningContainer(record.plugin(), record.generation(), process.pid());
    }

    /** Whether this process is why it ended, if it was ended by KILL. */
    boolean killedHere() {
        return killed.get();
    }

    /** Sends it KILL, thawed, unless it has ended. */
    void kill(Cgroups cgroups) throws IOException {
        record.making().places().cgroupsPath().ifPresent(cgroups::thaw);
        if (process.alive()) {
            killed.set(true); // before the signal: its end may be told while that is still being sent
        }
        boolean _ = process.signal(Signal.KILL); // there may be nobody any more to send it to
    }

    /** What its control group counts, if it has one of its own. */
    Optional<ContainerUsage> usage(GroupUsage counts) {
        return record.making().places().cgroupsPath().map(group -> counts.of(record, group));
    }
}
