package dev.patchbay.simulation;

import dev.patchbay.event.Bounds;
import dev.patchbay.event.LoggedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * The events on the disk. A process that is killed loses none; power that goes takes the end of those that were not
 * synced, and what was not closed is then begun anew.
 */
final class KeptEvents {
    /** So few that subscribers who were away for long miss some. */
    private static final int KEPT = 64;

    private final Chance chance;
    private final boolean synced;
    private final List<LoggedEvent> events = new ArrayList<>();
    private String epoch = "";
    private long oldest = 1;
    private boolean closed;
    private boolean mayHaveLostItsEnd;

    KeptEvents(Chance chance) {
        this.chance = chance;
        this.synced = chance.oneIn(3);
    }

    /** Begins to write to it. */
    void open() {
        if (epoch.isEmpty() || mayHaveLostItsEnd) {
            forget();
            epoch = Long.toHexString(chance.nextLong());
        }
        closed = false;
    }

    void append(List<LoggedEvent> more) {
        for (LoggedEvent event : more) {
            if (!event.cursor().epoch().equals(epoch) || event.seq() != bounds().head() + 1) {
                throw new IllegalStateException(event + " after " + bounds());
            }
            events.add(LoggedEvent.of(event.event()));
        }
        while (events.size() > KEPT) {
            events.removeFirst();
            oldest++;
        }
    }

    Bounds bounds() {
        return new Bounds(epoch, oldest, oldest + events.size() - 1);
    }

    /** Those after a number that is not before the oldest. */
    List<LoggedEvent> after(long seq, int max) {
        int from = (int) (seq - oldest + 1);
        return List.copyOf(events.subList(from, Math.min(events.size(), from + max)));
    }

    void close() {
        closed = true;
    }

    void losePower() {
        if (!synced && !closed && !epoch.isEmpty()) {
            mayHaveLostItsEnd = true;
            events.subList(chance.below(events.size() + 1), events.size()).clear();
        }
    }

    /** Nothing of it is found again. */
    void forget() {
        events.clear();
        oldest = 1;
        epoch = "";
        mayHaveLostItsEnd = false;
    }
}
