package dev.patchbay.event;

import dev.patchbay.event.FactQueue.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One append to the journal: what it carries, and what came of it, which is written once, on any thread. */
final class Append {
    private final List<Entry> entries;
    private final List<LoggedEvent> events;
    private volatile boolean done;
    private volatile @Nullable Throwable failure;

    /**
     * Makes one.
     *
     * @param entries what was taken from the queue
     * @param events those of the facts among it
     */
    Append(List<Entry> entries, List<LoggedEvent> events) {
        this.entries = entries;
        this.events = events;
    }

    List<Entry> entries() {
        return entries;
    }

    List<LoggedEvent> events() {
        return events;
    }

    void done() {
        done = true;
    }

    void failed(Throwable why) {
        failure = why;
    }

    boolean isDone() {
        return done;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }
}
