package dev.patchbay.volume;

import dev.patchbay.thread.FreshThread;
import dev.patchbay.thread.GracefulScheduler;
import dev.patchbay.thread.PatientPool;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The threads and the clock of volumes.
 *
 * @param state whose turn it is, what is to be done; timers end here; blocking on it is an error
 * @param replies where callers hear of what they asked
 * @param file reads and writes {@code volumes.json}, and nothing else; may block
 * @param looks where mount points are looked at; may block, and hang
 * @param clock wall time, for what users see
 */
record VolumeThreads(Scheduler state, Scheduler replies, Scheduler file, Scheduler looks, Clock clock) {
    private static final int LOOKS = 4;

    /** Looks that may hang, before others have to wait for them. */
    private static final int MOST_HANGING = 256;

    /** After which a look hangs: a sound one takes less than a millisecond, and waits behind as many as begin together. */
    private static final Duration LOOK_PATIENCE = Duration.ofMillis(50);

    /** How long a write, or a subscriber's code, may keep the last threads from ending. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    static VolumeThreads start() {
        Scheduler state = GracefulScheduler.of(Schedulers.newSingle("volume-state", true));
        var looks = new PatientPool("volume-look", LOOKS, MOST_HANGING, LOOK_PATIENCE,
                (delay, task) -> after(state, delay, task));
        return new VolumeThreads(state, GracefulScheduler.of(Schedulers.newSingle("volume-reply", true)),
                GracefulScheduler
                        .of(Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "volume-file", 10, true)),
                Schedulers.fromExecutorService(looks, "volume-look"), Clock.systemUTC());
    }

    private static Disposable after(Scheduler state, Duration delay, Runnable task) {
        try {
            return state.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            return Disposables.disposed(); // stopped: nobody waits for looks any more
        }
    }

    /** Ends them, whatever hangs. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            looks.dispose();
            return GracefulScheduler.endAll(PATIENCE, this::abandon, file, state, replies);
        }).subscribeOn(Schedulers.fromExecutor(FreshThread.each("volume-end")));
    }

    private void abandon() {
        file.dispose();
        state.dispose();
        replies.dispose();
    }
}
