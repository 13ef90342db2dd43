package dev.patchbay.event;

/**
 * One epoch of the log, as far as this process writes it.
 *
 * @param epoch its name
 * @param before how many facts of this process came before its first number: fact n has the number n - before; negative
 *     if an earlier process wrote the first ones
 * @param journal where it is kept
 * @param window its newest events, in memory, only those that were told; the journal itself if that is in memory
 * @param begun why it was begun, if not with the process
 */
record Era(String epoch, long before, EventJournal journal, RingJournal window, EventSignal.Loss begun) {
    /**
     * What is, and will be, in a journal that was just opened.
     *
     * @param facts how many facts of this process came before
     * @param kept how many of the newest events are to be in memory
     */
    static Era of(EventJournal journal, Bounds found, long facts, int kept, EventSignal.Loss begun) {
        RingJournal window = journal instanceof RingJournal ring
                ? ring
                : RingJournal.window(found.newest(), kept);
        return new Era(found.epoch(), facts - found.head(), journal, window, begun);
    }

    boolean isInMemory() {
        return journal == window;
    }

    Cursor place(long fact) {
        return new Cursor(epoch, fact - before);
    }

    /** How many facts of this process there were up to a place. */
    long fact(Cursor place) {
        return place.seq() + before;
    }

    /** What can be read; never more than was told, though the journal may have more already. */
    Bounds bounds() {
        if (isInMemory()) {
            return window.bounds();
        }
        long head = window.bounds().head();
        return new Bounds(epoch, Math.min(journal.bounds().oldest(), head + 1), head);
    }

    /** A page of the journal without what was not told yet: it could still come to another epoch. */
    EventPage told(EventPage page) {
        long head = window.bounds().head();
        if (page.through() <= head) {
            return new EventPage(page.from(), page.reason(), page.through(), page.events(), head);
        }
        long from = Math.min(page.from().seq(), head);
        return new EventPage(page.from().at(from), page.reason(), head,
                page.events().stream().filter(event -> event.seq() <= head).toList(), head);
    }
}
