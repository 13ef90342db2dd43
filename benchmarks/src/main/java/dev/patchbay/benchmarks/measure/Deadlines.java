package dev.patchbay.benchmarks.measure;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections whose answers do not come, so that nobody waits for a daemon for ever. One thread looks at all of them
 * now and then: a timer for each request would wake somebody up in the middle of what is measured.
 */
final class Deadlines {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Set<Watched> ALL = ConcurrentHashMap.newKeySet();

    static {
        Thread.ofVirtual().name("http-deadlines").start(Deadlines::look);
    }

    private Deadlines() {}

    /** A connection that is watched until it is closed. For one thread. */
    static final class Watched implements AutoCloseable {
        private static final long NEVER = 0;

        private final Closeable connection;
        private final Duration patience;
        private volatile long due = NEVER;
        private volatile boolean late;

        private Watched(Closeable connection, Duration patience) {
            this.connection = connection;
            this.patience = patience;
        }

        /** Something begins that must not take too long. */
        void begin() {
            long at = System.nanoTime() + patience.toNanos();
            due = at == NEVER ? 1 : at;
        }

        /** It is over. */
        void end() {
            due = NEVER;
        }

        /** Why something went wrong: that it took too long, if that is why. */
        IOException reason(String what, IOException found) {
            return late
                    ? new IOException("no answer to " + what + " within " + patience.toMillis() + " ms",
                            found)
                    : found;
        }

        private void closeIfLate(long now) {
            long at = due;
            if (at != NEVER && now - at > 0) {
                late = true;
                try {
                    connection.close();
                } catch (IOException _) {
                    // it is of no use any more
                }
            }
        }

        @Override
        public void close() {
            ALL.remove(this);
        }
    }

    /** Watches a connection, which is closed if what is done with it takes too long. */
    static Watched watch(Closeable connection, Duration patience) {
        var watched = new Watched(connection, patience);
        ALL.add(watched);
        return watched;
    }

    private static void look() {
        while (true) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = System.nanoTime();
            ALL.forEach(it -> it.closeIfLate(now));
        }
    }
}
