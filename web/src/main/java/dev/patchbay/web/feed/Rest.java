package dev.patchbay.web.feed;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * How long handing over pauses: half as long as it has worked, so that it takes two thirds of its event loop's time. Where
 * there are thousands of feeds a round takes as long as many events need to happen. Without pauses one round would follow
 * the other, each for few events, and take the processor's time from the clients of the same machine, and from commands;
 * with them each round is for more events, and they are not older when they come.
 */
final class Rest {
    /** Less is not worth it. */
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(100);

    private final Ticker ticker;
    private long end;

    Rest(Ticker ticker) {
        this.ticker = ticker;
        this.end = ticker.nanoTime();
    }

    /** Does some work. */
    void after(Runnable work) {
        long begin = ticker.nanoTime();
        try {
            work.run();
        } finally {
            long now = ticker.nanoTime();
            end = Math.min(now + LONG, Math.max(end, begin) + (now - begin) * 3 / 2);
        }
    }

    /** How many nanoseconds are left of it: 0 if work may go on. */
    long left() {
        long left = end - ticker.nanoTime();
        return left < SHORT ? 0 : left;
    }
}
