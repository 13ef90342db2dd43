package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.OpenPlaces;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether somebody has asked a test to end before its time, by Control-C or TERM: it ends well, and tells what it found. */
final class Stop {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    /** Asks from now on when the process is told to end, and lets it end when {@link #done} is called. */
    static Stop onSignal() {
        var stop = new Stop();
        OpenPlaces.onEnd(stop::onEnd);
        return stop;
    }

    private void onEnd() {
        if (done.getCount() == 0) {
            return;
        }
        ask();
        try {
            var _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks. */
    void ask() {
        asked.countDown();
    }

    /** Lets the process end. */
    void done() {
        done.countDown();
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Waits for a while, or until somebody asks. @return whether somebody has */
    boolean await(long nanos) throws InterruptedException {
        return asked.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
}
