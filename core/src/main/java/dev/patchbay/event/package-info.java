/**
 * What happened to plugins, as subscribers see it, and as it is kept.
 *
 * <p>What lives here: the public event, its type and its place in the stream; {@link dev.patchbay.event.Subscription} and
 * {@link dev.patchbay.event.EventSignal}, what a view is asked for and what it says;
 * {@link dev.patchbay.event.EventJournal}, where events are kept, in memory or in SQLite;
 * {@link dev.patchbay.event.EventRecorder}, which the engine writes to, and the bus and the views behind it;
 * {@link dev.patchbay.event.EventLog} for views that serve many; {@link dev.patchbay.event.EventJson}, public for the client
 * of the stream. What must not: the engine's facts and states, from which events are made; wire formats, except for the
 * JSON that journal and frames share.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="events"}
 */
@NullMarked
package dev.patchbay.event;

import org.jspecify.annotations.NullMarked;
