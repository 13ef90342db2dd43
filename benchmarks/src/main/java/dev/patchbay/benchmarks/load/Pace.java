package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Timings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How often something is done.
 *
 * @param nanos from one time to the next
 */
public record Pace(long nanos) {
    public static Pace perSecond(int times) {
        return new Pace(TimeUnit.SECONDS.toNanos(1) / times);
    }

    /**
     * Does something for a while, each time on a thread of its own and without regard to whether it was finished before:
     * who waits for an answer asks a slow server less often, and finds it quick.
     *
     * @return how many times; when all is done
     */
    public int keep(Duration time, Timings.Work work) throws Exception {
        var begun = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            begin(time, work, threads, begun);
        }
        for (Future<?> each : begun) {
            each.get();
        }
        return begun.size();
    }

    /**
     * The same, but gives up what is not done some time after the last was begun.
     *
     * @return how many times it was begun
     */
    public int keep(Duration time, Duration patience, Timings.Work work) throws Exception {
        var begun = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            begin(time, work, threads, begun);
            threads.shutdown();
            if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                return begun.size();
            }
        }
        for (Future<?> each : begun) {
            each.get();
        }
        return begun.size();
    }

    private void begin(Duration time, Timings.Work work, ExecutorService threads, List<Future<?>> begun) {
        long begin = System.nanoTime();
        for (long due = 0; due < time.toNanos(); due += nanos) {
            for (long left = due - (System.nanoTime() - begin); left > 0; left = due
                    - (System.nanoTime() - begin)) {
                LockSupport.parkNanos(left);
            }
            begun.add(threads.submit(() -> {
                work.run();
                return true;
            }));
        }
    }
}
