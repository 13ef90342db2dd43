package dev.patchbay.benchmarks.load;

import org.jspecify.annotations.Nullable;

/** One subscriber over all its connections, on the generator's event loop. */
final class Subscriber {
    /** How a subscriber takes what comes. */
    enum Habit {
        /** As it comes. */
        STEADY,
        /** So little at a time that it falls behind. */
        SLOW,
        /** As it comes, but hangs up again and again and resumes where it was. */
        RESUMING
    }

    private final Habit habit;
    private boolean subscribed;
    private @Nullable String epoch;
    private long last = -1;
    private long count;

    Subscriber(Habit habit) {
        this.habit = habit;
    }

    Habit habit() {
        return habit;
    }

    /** Notes that events come from now on. @return whether this is the first time */
    boolean subscribe() {
        boolean first = !subscribed;
        subscribed = true;
        return first;
    }

    /**
     * Notes from where a subscription goes on, as {@code EPOCH:SEQ}.
     *
     * @return whether that is where the one before it was
     */
    boolean at(String cursor) {
        int colon = cursor.indexOf(':');
        String begins = cursor.substring(0, colon);
        long seq = Long.parseLong(cursor.substring(colon + 1));
        boolean fits = epoch == null || (begins.equals(epoch) && seq == last);
        epoch = begins;
        last = seq;
        return fits;
    }

    /** Notes an event. @return whether it is the next after the last */
    boolean came(long seq, long prev) {
        boolean fits = last < 0 || prev == last;
        last = seq;
        return fits;
    }

    /** Where to resume; empty at the beginning. */
    String since() {
        return epoch == null ? "" : "since=" + epoch + ":" + last;
    }

    /** The number of the last event, -1 if none came and the place is not known. */
    long last() {
        return last;
    }

    /** Counts an event. @return how many have come, with this one */
    long count() {
        return ++count;
    }
}
