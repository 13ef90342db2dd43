package dev.patchbay.event;

/**
 * A place in the event stream.
 *
 * @param epoch a random word, new whenever numbering begins again
 * @param seq the number of the event within the epoch: 1 is the first, no number is left out
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

    /** As on the wire: {@code epoch:seq}. */
    @Override
    public String toString() {
        return epoch + ":" + seq;
    }
}
