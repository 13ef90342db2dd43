package dev.patchbay.web.v1;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Watches a connection that takes no more: whether it takes anything at all. All methods are called on its event loop.
 */
final class StallWatch {
    private final Duration patience;
    private final Scheduler timers;
    private final EventLoop loop;
    private final LongSupplier waiting;
    private final Runnable stalled;
    private final Disposable.Swap timer = Disposables.swap();
    private boolean watching;
    private long before;

    /**
     * Makes one.
     *
     * @param patience how long a connection may take nothing
     * @param waiting how much waits for it; gets less when something is taken
     * @param stalled called, on the event loop, when nothing was taken for that long
     */
    StallWatch(Duration patience, Scheduler timers, EventLoop loop, LongSupplier waiting, Runnable stalled) {
        this.patience = patience;
        this.timers = timers;
        this.loop = loop;
        this.waiting = waiting;
        this.stalled = stalled;
    }

    /** It takes no more. */
    void blocked() {
        if (!watching) {
            watching = true;
            watch();
        }
    }

    /** It takes more again. */
    void free() {
        watching = false;
        timer.update(Disposables.disposed());
    }

    /** For good. */
    void end() {
        watching = false;
        timer.dispose();
    }

    private void watch() {
        before = waiting.getAsLong();
        timer.update(timers.schedule(() -> loop.execute(this::due), patience.toNanos(),
                TimeUnit.NANOSECONDS));
    }

    private void due() {
        if (!watching) {
            return;
        }
        if (waiting.getAsLong() < before) {
            watch();
        } else {
            watching = false;
            stalled.run();
        }
    }
}
