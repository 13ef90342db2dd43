package dev.patchbay.web.feed;

/**
 * How many events a feed may send, and whether one waits for that.
 *
 * <p>What does not pass the filter needs none: without credit a feed goes on up to the first event that passes, so that its
 * place does not grow old behind what it is not to say. Where the filter lets everything pass there is no such thing.
 */
final class Credit {
    private final boolean all;
    private long left;
    private boolean owes;

    Credit(Wish wish) {
        this.all = wish.filter().isAll();
        this.left = wish.credit();
    }

    long left() {
        return left;
    }

    boolean isUsedUp() {
        return left == 0;
    }

    /** Whether nothing can be done without more of it. */
    boolean isMissed() {
        return left == 0 && (owes || all);
    }

    /** Notes that something waits for it: an event that passes, or a loss, which is said once and whole. */
    void owe() {
        owes = true;
    }

    /** Takes off what is there. */
    void use(long events) {
        if (left != Wish.UNLIMITED) {
            left -= events;
        }
    }

    /** Adds to it; without effect if there is no limit. */
    void grant(long events) {
        if (left != Wish.UNLIMITED) {
            left = Math.min(Wish.UNLIMITED - 1, left + events);
            owes = false;
        }
    }
}
