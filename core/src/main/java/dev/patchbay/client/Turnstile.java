package dev.patchbay.client;

import java.util.concurrent.atomic.AtomicInteger;

/** Lets so many in at a time. */
final class Turnstile {
    private final int limit;
    private final AtomicInteger inside = new AtomicInteger();

    Turnstile(int limit) {
        this.limit = limit;
    }

    /** Whether there is room for one more, who is inside then and must {@link #leave}. */
    boolean enter() {
        if (inside.incrementAndGet() <= limit) {
            return true;
        }
        inside.decrementAndGet();
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    int limit() {
        return limit;
    }
}
