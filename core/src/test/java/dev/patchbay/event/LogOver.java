package dev.patchbay.event;

import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A log that is another one, but for what a test changes. */
public interface LogOver extends EventLog {
    /** The other one. */
    EventLog log();

    @Override
    default Bounds bounds() {
        return log().bounds();
    }

    @Override
    default Mono<EventPage> read(Cursor after, int max, EventFilter filter) {
        return log().read(after, max, filter);
    }

    @Override
    default boolean isNear(Cursor place) {
        return log().isNear(place);
    }

    @Override
    default Mono<Cursor> before(Instant time) {
        return log().before(time);
    }

    @Override
    default Flux<Told> live(EventFilter filter) {
        return log().live(filter);
    }

    @Override
    default Flux<Cursor> epochs() {
        return log().epochs();
    }

    @Override
    default Optional<Cursor> told() {
        return log().told();
    }

    @Override
    default boolean isRenumbered(Cursor from, Cursor to) {
        return log().isRenumbered(from, to);
    }

    @Override
    default Mono<Void> distrust(Cursor place, JournalException cause) {
        return log().distrust(place, cause);
    }
}
