package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A disk that keeps whoever comes to a certain act waiting until it is told to go on. An interrupt ends the waiting. */
final class SlowDisk implements DiskProbe {
    private record Gate(DiskStep step, String part, CountDownLatch reached, CountDownLatch open) {
        Gate(DiskStep step, String part) {
            this(step, part, new CountDownLatch(1), new CountDownLatch(1));
        }

        boolean holds(DiskStep act, Path path) {
            return act == step && path.toString().contains(part);
        }
    }

    private final AtomicReference<Gate> gate = new AtomicReference<>(new Gate(DiskStep.CLOSE, "nothing"));

    /** Lets acts of this kind wait at paths that have this in them. */
    void holdUp(DiskStep step, String part) {
        gate.set(new Gate(step, part));
    }

    /** Waits until somebody waits. */
    void awaitHeldUp() {
        try {
            assertThat(gate.get().reached().await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets everybody go on. */
    void goOn() {
        gate.get().open().countDown();
    }

    @Override
    public void before(DiskStep step, Path path) throws IOException {
        Gate now = gate.get();
        if (now.holds(step, path)) {
            now.reached().countDown();
            try {
                now.open().await();
            } catch (InterruptedException e) {
                throw (IOException) new InterruptedIOException("interrupted").initCause(e);
            }
        }
    }
}
