package dev.patchbay.client;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * The threads that all clients share, and their clock, so that tests can put their own in place.
 *
 * @param loops where sockets are waited for
 * @param ends what ends those, if they are not somebody else's
 * @param codec where what is large is read and written, and the first of each type; may block
 * @param clock what deadlines and pauses are taken from
 */
record ClientThreads(LoopResources loops, Mono<Void> ends, Scheduler codec, CallClock clock) {
    private static final int LOOPS = 4;
    private static final int READERS = 2;
    private static final int WAITING = 10_000;
    private static final int IDLE_SECONDS = 60;
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(3);

    /** With event loops of their own. */
    static ClientThreads start() {
        int processors = Runtime.getRuntime().availableProcessors();
        var loops = LoopResources.create("plugin-http", Math.min(LOOPS, processors), true);
        return start(loops, loops.disposeLater(Duration.ZERO, PATIENCE_AT_CLOSE));
    }

    /** On event loops that somebody else has and ends. */
    static ClientThreads on(LoopResources loops) {
        return start(loops, Mono.empty());
    }

    private static ClientThreads start(LoopResources loops, Mono<Void> ends) {
        return new ClientThreads(loops, ends,
                Schedulers.newBoundedElastic(READERS, WAITING, "plugin-codec", IDLE_SECONDS, true),
                new CallClock(Schedulers.newSingle("plugin-calls", true)));
    }

    /**
     * Ends them. Whoever ends a scheduler may wait for a lock of its threads, and this may be called on an event loop; so may
     * whatever follows, so it does not go on in one.
     */
    Mono<Void> close() {
        return Mono.defer(() -> {
            Scheduler elsewhere = Schedulers
                    .fromExecutor(task -> Thread.ofPlatform().daemon().name("plugin-close").start(task));
            return Mono.<Void>fromRunnable(() -> {
                codec.dispose();
                clock.scheduler().dispose();
            })
                    .subscribeOn(elsewhere)
                    .then(ends)
                    .publishOn(elsewhere);
        });
    }
}
