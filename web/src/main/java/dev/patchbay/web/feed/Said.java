package dev.patchbay.web.feed;

import dev.patchbay.PluginView;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.LoggedEvent;

/** What a feed says, in the order of an {@link EventSignal} view, and with a snapshot in between if it was asked for. */
public sealed interface Said {
    /**
     * It has begun.
     *
     * @param snapshot whether a snapshot follows, of the place where it resumes
     */
    record Began(EventSignal.Subscribed where, boolean snapshot) implements Said {}

    /** The plugins follow, as they were at this place. */
    record SnapshotBegan(Cursor asOf) implements Said {}

    /** A plugin of the snapshot. */
    record Plugin(PluginView view) implements Said {}

    /** All plugins were told; the events after this place follow. */
    record SnapshotEnded(Cursor asOf) implements Said {}

    /**
     * Something happened.
     *
     * @param prev the number of the event that this feed said before; for the first, that of the place where it began or
     *     a gap ended
     */
    record Happened(LoggedEvent event, long prev) implements Said {}

    /** Events are lost. */
    record Lost(EventSignal.Gap gap) implements Said {}

    /** There was nothing else to say up to this place. */
    record Passed(Cursor upTo) implements Said {}
}
