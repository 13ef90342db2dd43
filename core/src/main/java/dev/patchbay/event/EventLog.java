package dev.patchbay.event;

import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All events, those kept and those that happen: what a view is made from that needs more than
 * {@code Plugins.events(Subscription)} gives, such as one that serves many connections.
 *
 * <p>How to miss nothing and tell nothing twice: keep a position, a {@link Cursor}. Subscribe to {@link #live} first, then
 * read {@link #bounds} and choose the position. Of a live event in the position's epoch with a number not above it, drop
 * it; with {@link Told#prev} not above it, tell it and move on; otherwise something is missing, and {@link #read} is asked
 * for what follows the position until a live event fits again. An event of another epoch is missing something too, unless
 * {@link #bounds} are in the position's epoch: then it is old. When {@link #epochs} tells of a new one, something may be
 * missing as well.
 *
 * <p>{@link Told#prev} is the same for all subscribers with a filter, and for the first of them that is only the number
 * before the first event that the filter was tried on. A subscriber that was told less than that, because what it was told
 * last is older and nothing after it passed, has to be told its own number instead.
 */
public interface EventLog {
    /** What can be read now. Never blocks. An event is in here before {@link #live} tells it. */
    Bounds bounds();

    /**
     * What follows a place. <b>Cold.</b> <b>Threads:</b> at once on the caller's if it is among the newest events, which
     * are in memory; otherwise the journal's. Fails with {@link JournalException} only when the engine is closed: a
     * journal that cannot be read is left for a new epoch.
     *
     * @param max how many events to look at, at most, 1 to {@value #MAX_PAGE}
     */
    Mono<EventPage> read(Cursor after, int max, EventFilter filter);

    /** Whether what follows a place is in memory: {@link #read} answers at once then, with events that are there anyway. */
    boolean isNear(Cursor place);

    /** The place before the first event that happened at this time or later; the newest if none did. <b>Cold.</b> */
    Mono<Cursor> before(Instant time);

    /**
     * What happens from now on. <b>Hot</b>; one evaluation per event for all subscribers with an equal filter. Drops what
     * a subscriber has not asked for. <b>Threads:</b> the log's writer: a subscriber must neither block nor be slow there,
     * since it delays everybody. Completes when the engine closes.
     */
    Flux<Told> live(EventFilter filter);

    /**
     * The beginning of each epoch that is new from now on, told before its first event, on the same thread and under the
     * same conditions as {@link #live}.
     */
    Flux<Cursor> epochs();

    /**
     * The place up to which every event was handed to whoever listens live, or dropped for them; empty before the first of
     * this process. Never blocks.
     */
    Optional<Cursor> told();

    /**
     * Whether nothing happened between two places of different epochs, of which the second is of the present one: what
     * follows the first only got other numbers. False as well where that is not known any more.
     */
    boolean isRenumbered(Cursor from, Cursor to);

    /**
     * Tells that the log has something at a place that is no event. Its epoch is left for a new one, in which whoever
     * reads on begins. <b>Cold</b>; completes when that is done, at once if the epoch is over.
     */
    Mono<Void> distrust(Cursor place, JournalException cause);

    /**
     * An event that happens.
     *
     * @param signal the event as a view tells it
     */
    record Told(LoggedEvent event, EventSignal.Happened signal) {
        /** See {@link EventSignal.Happened#prev}. */
        public long prev() {
            return signal.prev();
        }

        /** The number of the event's place. */
        public long seq() {
            return event.seq();
        }
    }

    /** The most events that a page looks at. */
    int MAX_PAGE = 4096;
}
