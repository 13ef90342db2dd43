package dev.patchbay.event;

import java.util.List;

/**
 * Part of the log: all that is kept of the events after one place up to another, as far as it passes a filter.
 *
 * @param from the place after which it begins: the one that was asked for, or a later one if what follows that is no
 *     longer kept, possibly in another epoch
 * @param reason why it begins later, if it does
 * @param through the number of the last event that was looked at, {@code from}'s if there was none
 * @param events those that pass, in order
 * @param head the number of the newest event there was; the page ends the log if that is not above {@code through}
 */
public record EventPage(Cursor from, EventSignal.Loss reason, long through, List<LoggedEvent> events,
        long head) {
    /** Copies the events. */
    public EventPage {
        events = List.copyOf(events);
    }

    /** The place up to which everything has been dealt with once this has been told. */
    public Cursor end() {
        return from.at(through);
    }
}
