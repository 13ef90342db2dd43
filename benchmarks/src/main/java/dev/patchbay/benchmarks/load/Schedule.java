package dev.patchbay.benchmarks.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When commands are due. Whoever is ready for one takes the next; when it takes it too late, because answers are slow, the
 * command is still due when it was, and its latency counts from there. A schedule without a rate has no such times.
 */
sealed interface Schedule {
    /** Takes the next command. @return when it is due, on the monotonic clock */
    long next();

    /** So many a second, one by one, whatever the answers take. */
    static Schedule perSecond(double rate, long beginNanos) {
        return new Paced(beginNanos, 1e9 / rate, new AtomicLong());
    }

    /** Each as soon as somebody is ready for it: how many get through, and nothing about what others would wait. */
    static Schedule asFastAsAnswered() {
        return new Unpaced();
    }

    /**
     * A rate.
     *
     * @param beginNanos when the first is due
     * @param nanos from one to the next
     * @param taken how many were taken
     */
    record Paced(long beginNanos, double nanos, AtomicLong taken) implements Schedule {
        @Override
        public long next() {
            return beginNanos + (long) (nanos * taken.getAndIncrement());
        }
    }

    /** No rate. */
    record Unpaced() implements Schedule {
        @Override
        public long next() {
            return System.nanoTime();
        }
    }
}
