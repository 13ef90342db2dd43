package dev.patchbay.event;

import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/** A journal that is another one, but for what a test changes. */
public interface JournalOver extends EventJournal {
    /** The other one. */
    EventJournal journal();

    @Override
    default Mono<Opened> open() {
        return journal().open();
    }

    @Override
    default Mono<Void> append(List<LoggedEvent> events) {
        return journal().append(events);
    }

    @Override
    default Mono<EventPage> read(long after, int max, EventFilter filter) {
        return journal().read(after, max, filter);
    }

    @Override
    default Mono<Long> before(Instant time) {
        return journal().before(time);
    }

    @Override
    default Bounds bounds() {
        return journal().bounds();
    }

    @Override
    default Mono<Void> abandon() {
        return journal().abandon();
    }

    @Override
    default Mono<Void> close() {
        return journal().close();
    }
}
