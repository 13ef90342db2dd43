package dev.patchbay.benchmarks.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When commands are due. Whoever is ready for one takes the next; when it takes it too late, because answers are slow, the
 * command is still due when it was, and its latency counts from there. A schedule without a rate has no such times.
 */
sealed interface Schedule {
    /** How many times at most somebody is told what is left, however much that is. */
    long MOST_TOLD = 100_000;

    /** Takes the next command. @return when it is due, on the monotonic clock */
    long next();

    /** Tells of all that was due before a time and that nobody has taken. */
    void left(long nanos, Due each);

    /** Takes what was due. */
    @FunctionalInterface
    interface Due {
        /** So many commands were due at about the same time, on the monotonic clock. */
        void at(long nanos, long times);
    }

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
            return due(taken.getAndIncrement());
        }

        private long due(long number) {
            return beginNanos + (long) (nanos * number);
        }

        @Override
        public void left(long end, Due each) {
            long first = taken.get();
            long all = (long) Math.ceil((end - beginNanos) / nanos) - first;
            long step = Math.max(1, all / MOST_TOLD);
            for (long number = 0; number < all; number += step) {
                each.at(due(first + number), Math.min(step, all - number));
            }
        }
    }

    /** No rate. */
    record Unpaced() implements Schedule {
        @Override
        public long next() {
            return System.nanoTime();
        }

        @Override
        public void left(long nanos, Due each) {
            // nothing is due
        }
    }
}
