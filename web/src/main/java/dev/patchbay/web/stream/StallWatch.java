package dev.patchbay.web.stream;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Watches a connection that takes no more: whether its socket takes anything at all, be it a byte. All methods are called
 * on its event loop.
 */
public final class StallWatch {
    private final Channel channel;
    private final Duration patience;
    private final Scheduler timers;
    private final Runnable stalled;
    private final Disposable.Swap timer = Disposables.swap();
    private boolean watching;
    private long before;

    /**
     * Makes one.
     *
     * @param patience how long a connection may take nothing
     * @param stalled called, on the event loop, when nothing was taken for that long
     */
    public StallWatch(Channel channel, Duration patience, Scheduler timers, Runnable stalled) {
        this.channel = channel;
        this.patience = patience;
        this.timers = timers;
        this.stalled = stalled;
    }

    /** It takes no more. */
    public void blocked() {
        if (!watching) {
            watching = true;
            watch();
        }
    }

    /** It takes more again. */
    public void free() {
        watching = false;
        timer.update(Disposables.disposed());
    }

    /** For good. */
    public void end() {
        watching = false;
        timer.dispose();
    }

    private void watch() {
        before = waitingBytes();
        timer.update(timers.schedule(() -> channel.eventLoop().execute(this::due), patience.toNanos(),
                TimeUnit.NANOSECONDS));
    }

    private void due() {
        if (!watching) {
            return;
        }
        if (waitingBytes() < before) {
            watch();
        } else {
            watching = false;
            stalled.run();
        }
    }

    /** Bytes that wait for the socket, less those of the first buffer that it has taken already. */
    private long waitingBytes() {
        var queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes() - queue.currentProgress();
    }
}
