package dev.patchbay.event;

import java.time.Instant;

/** Where a view of the events begins. */
public sealed interface From {
    /** With what happens after the subscription. */
    record Now() implements From {}

    /** With the oldest event that is kept. */
    record Oldest() implements From {}

    /** With the event after this one: where an earlier view ended, or a snapshot was taken. */
    record At(Cursor cursor) implements From {}

    /**
     * With the first event that happened at this time or later. What follows it is told whatever its time says: clocks
     * may be set back.
     */
    record Since(Instant time) implements From {}
}
