package dev.patchbay.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in the event stream: that of an event, and of everything that happened up to it.
 *
 * @param epoch a random word, new whenever numbering begins again
 * @param seq the number of the event within the epoch: 1 is the first, no number is left out; 0 is before the first
 */
public record Cursor(String epoch, long seq) {
    /** Checks both parts. */
    public Cursor {
        if (epoch.isEmpty() || epoch.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an epoch is a word without colons, not \"" + epoch + "\"");
        }
        if (seq < 0) {
            throw new IllegalArgumentException("seq must be 0 or more, not " + seq);
        }
    }

    /** Reads {@code epoch:seq}. Empty if it has another form. */
    public static Optional<Cursor> parse(String text) {
        int colon = text.indexOf(':');
        String digits = text.substring(colon + 1);
        // At most 18 digits: more would not fit into a long, which no engine lives to see.
        if (colon < 1 || digits.isEmpty() || digits.length() > 18
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(new Cursor(text.substring(0, colon), Long.parseLong(digits)));
    }

    /** The place with this number in the same epoch. */
    public Cursor at(long otherSeq) {
        return new Cursor(epoch, otherSeq);
    }

    // Written out, here and below: what Java makes for records is slow at first, and each start compares some.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cursor cursor && seq == cursor.seq && epoch.equals(cursor.epoch);
    }

    @Override
    public int hashCode() {
        return 31 * epoch.hashCode() + Long.hashCode(seq);
    }

    /** As on the wire: {@code epoch:seq}. */
    @Override
    public String toString() {
        return epoch + ":" + seq;
    }
}
