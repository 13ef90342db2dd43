package dev.patchbay.thread;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Threads for work that may hang until a limit ends it. Work that has taken longer than a while is not counted any more:
 * for as long as it lasts the pool has one thread more, so that what hangs does not hold up the rest.
 */
public final class PatientPool extends ThreadPoolExecutor {
    private static final int QUEUED_TASKS = 100_000;
    private static final int IDLE_SECONDS = 60;

    private final int threads;
    private final int mostOverdue;
    private final Duration patience;
    private final Alarm alarm;
    private final Map<Runnable, Watched> running = new ConcurrentHashMap<>();
    private int overdue; // guarded by this

    /** Runs a task after a delay, on a thread that may block. */
    @FunctionalInterface
    public interface Alarm {
        /** Disposing takes it back. */
        Disposable after(Duration delay, Runnable task);
    }

    private static final class Watched {
        private volatile @Nullable Disposable timer;
        private boolean counted = true; // guarded by the pool
        private boolean over; // guarded by the pool
    }

    /**
     * Makes one without threads: they begin with the work, and end some time after it.
     *
     * @param name how the names of its threads begin
     * @param threads how many pieces of work may be under way that are not overdue
     * @param mostOverdue how many may be overdue before the others do have to wait for them
     * @param patience after what time work is overdue
     */
    public PatientPool(String name, int threads, int mostOverdue, Duration patience, Alarm alarm) {
        super(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUED_TASKS),
                Thread.ofPlatform().daemon().name(name + "-", 1).factory());
        this.threads = threads;
        this.mostOverdue = mostOverdue;
        this.patience = patience;
        this.alarm = alarm;
        allowCoreThreadTimeOut(true);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        var watched = new Watched();
        running.put(task, watched);
        watched.timer = alarm.after(patience, () -> tooLong(watched));
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable failure) {
        Watched watched = running.remove(task);
        if (watched != null) {
            Disposable timer = watched.timer;
            if (timer != null) {
                timer.dispose();
            }
            ended(watched);
        }
    }

    private synchronized void tooLong(Watched watched) {
        if (!watched.over && overdue < mostOverdue) {
            watched.counted = false;
            overdue++;
            setMaximumPoolSize(threads + overdue);
            setCorePoolSize(threads + overdue);
        }
    }

    private synchronized void ended(Watched watched) {
        watched.over = true;
        if (!watched.counted) {
            overdue--;
            setCorePoolSize(threads + overdue);
            setMaximumPoolSize(threads + overdue);
        }
    }
}
