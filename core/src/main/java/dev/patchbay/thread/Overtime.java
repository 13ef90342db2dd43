package dev.patchbay.thread;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** How much of the work that is under way has taken longer than it should. Takes no lock. */
final class Overtime {
    private static final Logger LOG = LoggerFactory.getLogger(Overtime.class);

    private final int most;
    private final Duration patience;
    private final PatientPool.Alarm alarm;
    private final AtomicInteger overdue = new AtomicInteger();

    private enum Course {
        IN_TIME, OVERDUE, OVER
    }

    /** Counts so many and no more. */
    Overtime(int most, Duration patience, PatientPool.Alarm alarm) {
        this.most = most;
        this.patience = patience;
        this.alarm = alarm;
    }

    /** How much there is. */
    int count() {
        return overdue.get();
    }

    /** Work begins; who cares is told if it is counted before it ends. */
    Watch begin(Runnable counted) {
        return new Watch(counted);
    }

    /** One piece of work. */
    final class Watch implements AutoCloseable {
        private final AtomicReference<Course> course = new AtomicReference<>(Course.IN_TIME);
        private final Disposable timer;

        private Watch(Runnable counted) {
            this.timer = start(counted);
        }

        private Disposable start(Runnable counted) {
            try {
                return alarm.after(patience, () -> tooLong(counted));
            } catch (RuntimeException | Error e) { // timers may have no thread either
                LOG.warn("nobody will notice if this work takes too long", e);
                return Disposables.disposed();
            }
        }

        private void tooLong(Runnable counted) {
            if (raise()) {
                if (course.compareAndSet(Course.IN_TIME, Course.OVERDUE)) {
                    counted.run();
                } else {
                    overdue.decrementAndGet();
                }
            }
        }

        private boolean raise() {
            int now = overdue.get();
            while (now < most) {
                int found = overdue.compareAndExchange(now, now + 1);
                if (found == now) {
                    return true;
                }
                now = found;
            }
            return false;
        }

        /** It has ended. */
        @Override
        public void close() {
            timer.dispose();
            if (course.getAndSet(Course.OVER) == Course.OVERDUE) {
                overdue.decrementAndGet();
            }
        }
    }
}
