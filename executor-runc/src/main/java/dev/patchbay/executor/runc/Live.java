package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerUsage;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.RunningContainer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A container that was started or taken over here and not deleted yet.
 *
 * @param record what it is made of
 * @param process its first process
 * @param log where its output goes
 * @param ended completed when its end was told
 */
record Live(ContainerRecord record, ProcessIdentity process, Logs.Session log,
        CompletableFuture<ExitSignal> ended) {
    int generation() {
        return record.generation();
    }

    RunningContainer running() {
        return new RunningContainer(record.plugin(), record.generation(), process.pid());
    }

    /** What it has used, unless it has ended, or has no control group of its own. */
    Optional<ContainerUsage> usage(GroupUsage counts) {
        return ended.isDone()
                ? Optional.empty()
                : record.making().places().cgroupsPath().map(group -> counts.of(record, group));
    }
}
