package dev.patchbay.event;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A journal that takes what it is given when the test lets it. */
public final class SlowJournal implements EventJournal {
    private final RingJournal memory = RingJournal.ofUsualSize(new Random(3));
    private Sinks.Empty<Void> gate = openGate();

    private static Sinks.Empty<Void> openGate() {
        Sinks.Empty<Void> gate = Sinks.empty();
        gate.tryEmitEmpty().orThrow();
        return gate;
    }

    /** From here on nothing is taken. */
    public void hold() {
        gate = Sinks.empty();
    }

    /** All of it is. */
    public void letGo() {
        gate.tryEmitEmpty().orThrow();
    }

    @Override
    public Mono<Opened> open() {
        return memory.open();
    }

    @Override
    public Mono<Void> append(List<LoggedEvent> events) {
        return Mono.defer(() -> gate.asMono()).then(memory.append(events));
    }

    @Override
    public Mono<EventPage> read(long after, int max, EventFilter filter) {
        return memory.read(after, max, filter);
    }

    @Override
    public Mono<Long> before(Instant time) {
        return memory.before(time);
    }

    @Override
    public Bounds bounds() {
        return memory.bounds();
    }

    @Override
    public Mono<Void> abandon() {
        return memory.abandon();
    }

    @Override
    public Mono<Void> close() {
        return memory.close();
    }
}
