package dev.patchbay.stress;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Tasks that are taken or refused. */
public final class Taking {
    private Taking() {}

    /** Gives a task to a scheduler, a worker, a pool. @return 1 if it is taken, 0 if it is refused */
    public static int give(Consumer<Runnable> to, Runnable task) {
        try {
            to.accept(task);
            return 1;
        } catch (RejectedExecutionException _) {
            return 0;
        }
    }
}
