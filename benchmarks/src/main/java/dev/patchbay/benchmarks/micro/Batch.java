package dev.patchbay.benchmarks.micro;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Answers that one thread waits for, of which others tell. */
final class Batch {
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private final AtomicInteger left;
    private final Thread waiter = Thread.currentThread();
    private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();

    Batch(int answers) {
        left = new AtomicInteger(answers);
    }

    /** One has come. */
    void done() {
        if (left.decrementAndGet() == 0) {
            LockSupport.unpark(waiter);
        }
    }

    /** One has come that was not to be. */
    void failed(Throwable why) {
        wrong.set(why);
        done();
    }

    /** Waits for all. On the thread that made this. */
    void await() {
        long begin = System.nanoTime();
        while (left.get() > 0) {
            LockSupport.parkNanos(PATIENCE_NANOS);
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IllegalStateException(left.get() + " answers do not come");
            }
        }
        Throwable why = wrong.get();
        if (why != null) {
            throw new IllegalStateException("not the answer that was to be", why);
        }
    }
}
