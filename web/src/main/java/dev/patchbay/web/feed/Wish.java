package dev.patchbay.web.feed;

import dev.patchbay.event.EventFilter;
import dev.patchbay.event.From;

/**
 * What a feed is to say.
 *
 * @param start where it begins
 * @param filter what passes
 * @param encoding how it is written
 * @param credit how many events may be sent before more is granted; {@link #UNLIMITED} for as many as the connection takes
 */
public record Wish(Start start, EventFilter filter, Encoding encoding, long credit) {
    /** As many events as the connection takes. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Checks the credit. */
    public Wish {
        if (credit < 0) {
            throw new IllegalArgumentException("credit must be 0 or more, not " + credit);
        }
    }

    /** Where a feed begins. */
    public sealed interface Start {
        /** With events only. */
        record Events(From from) implements Start {}

        /** With all plugins as they are, and then what happens to them. */
        record Snapshot() implements Start {}
    }
}
