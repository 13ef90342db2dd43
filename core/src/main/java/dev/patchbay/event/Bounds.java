package dev.patchbay.event;

/**
 * What a journal holds at a moment. It is never empty once something was appended: the newest event is not trimmed.
 *
 * @param epoch to which all of it belongs
 * @param oldest the number of the oldest event; {@code head + 1} if there is none
 * @param head the number of the newest event, 0 before the first
 */
public record Bounds(String epoch, long oldest, long head) {
    /** Checks the order. */
    public Bounds {
        if (oldest < 1 || oldest > head + 1) {
            throw new IllegalArgumentException("a journal from " + oldest + " to " + head);
        }
    }

    /** The place of the newest event. */
    public Cursor newest() {
        return new Cursor(epoch, head);
    }

    /** The place before the oldest event. */
    public Cursor beforeOldest() {
        return new Cursor(epoch, oldest - 1);
    }

    /**
     * Where to begin for somebody who was told everything up to some place.
     *
     * @return with {@code resumeFrom} as close behind that place as possible
     */
    public EventSignal.Subscribed resume(Cursor cursor) {
        if (!cursor.epoch().equals(epoch)) {
            return new EventSignal.Subscribed(EventSignal.Beginning.EPOCH_CHANGED, beforeOldest(), newest());
        } else if (cursor.seq() > head) {
            return new EventSignal.Subscribed(EventSignal.Beginning.FUTURE, newest(), newest());
        } else if (cursor.seq() < oldest - 1) {
            return new EventSignal.Subscribed(EventSignal.Beginning.TRIMMED, beforeOldest(), newest());
        } else {
            return new EventSignal.Subscribed(EventSignal.Beginning.OK, cursor, newest());
        }
    }
}
