package dev.patchbay.event;

/**
 * What a view of the events says. The first is {@link Subscribed}; the rest accounts for every number after its
 * {@code resumeFrom}, in order: what passes the filter is told, once, and what is lost is announced.
 */
public sealed interface EventSignal {
    /**
     * The view has begun.
     *
     * @param reason whether it begins where it was asked to, and if not, why
     * @param resumeFrom the place after which it begins
     * @param head the newest event there was
     */
    record Subscribed(Beginning reason, Cursor resumeFrom, Cursor head) implements EventSignal {
        /** Whether nothing between what was asked for and {@code resumeFrom} is lost. */
        public boolean recovered() {
            return reason == Beginning.OK;
        }
    }

    /** How a view began. */
    enum Beginning {
        /** Where it was asked to. */
        OK("ok"),
        /** With the oldest event that is kept: what was asked for is older. */
        TRIMMED("trimmed"),
        /** With the oldest event that is kept: the place asked for is of another epoch. */
        EPOCH_CHANGED("epoch_changed"),
        /** With the newest event: the place asked for has not come yet. */
        FUTURE("future");

        private final String wireName;

        Beginning(String wireName) {
            this.wireName = wireName;
        }

        /** As on the wire. */
        public String wireName() {
            return wireName;
        }
    }

    /**
     * Something happened.
     *
     * @param prev the number of the event before it that passes the filter, or a lower one; never above that of the
     *     signal before, be it an event, a gap's end, a bookmark or where the view began. Who finds it above that has
     *     missed something on the way
     */
    record Happened(PluginEvent event, long prev) implements EventSignal {}

    /**
     * What happened after {@code from}, up to and including {@code to}, is lost to this view, if anything did. The view
     * goes on after {@code to}, which is of another epoch if the journal had to be left. Between the signal before and
     * {@code from} nothing passed.
     */
    record Gap(Cursor from, Cursor to, Loss reason) implements EventSignal {}

    /** Why events are lost to a view. */
    enum Loss {
        /** The view is slower than the journal's bounds allow. */
        TRIMMED("trimmed"),
        /** The journal failed; the stream goes on in memory, in a new epoch. */
        JOURNAL_FAILED("journal_failed"),
        /** The journal works again; the stream goes on there, in a new epoch. */
        JOURNAL_RETURNED("journal_returned");

        private final String wireName;

        Loss(String wireName) {
            this.wireName = wireName;
        }

        /** As on the wire. */
        public String wireName() {
            return wireName;
        }
    }

    /** Nothing else passed the filter up to this place: a good one to resume from. */
    record Passed(Cursor upTo) implements EventSignal {}
}
