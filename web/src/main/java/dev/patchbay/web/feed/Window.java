package dev.patchbay.web.feed;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventSignal;
import org.jspecify.annotations.Nullable;

/** Between which places a feed speaks: where it began, for as long as that matters, and where it ends, if anywhere. */
final class Window {
    private final EventLog log;
    private boolean ends;
    private @Nullable Cursor last; // over once this was said; empty while nobody wants it to end
    private EventSignal.@Nullable Subscribed outset; // where it began, if with all that was kept

    Window(EventLog log) {
        this.log = log;
    }

    /** The feed begins. */
    void begin(EventSignal.Subscribed where) {
        outset = where.resumeFrom().seq() < log.bounds().oldest() ? where : null;
        moved();
    }

    /** Lets it end with what there is now. */
    void end() {
        ends = true;
        moved();
    }

    /** The feed goes on elsewhere, perhaps in another epoch: an end in the one before would never be reached. */
    void moved() {
        last = ends ? log.bounds().newest() : null;
    }

    boolean isEndless() {
        return !ends;
    }

    boolean isOver(Cursor place) {
        Cursor end = last;
        return end != null && end.epoch().equals(place.epoch()) && end.seq() <= place.seq();
    }

    /**
     * Whether a loss only lets the feed begin later: it has asked for all that is kept, has come to none of it yet, and
     * what is gone happened before it asked.
     */
    boolean beginsAfter(EventSignal.Gap gap) {
        EventSignal.Subscribed where = outset;
        if (where == null || !where.resumeFrom().equals(gap.from())
                || !where.head().epoch().equals(gap.to().epoch()) || gap.to().seq() > where.head().seq()) {
            return false;
        }
        outset = new EventSignal.Subscribed(where.reason(), gap.to(), where.head());
        return true;
    }
}
