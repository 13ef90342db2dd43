package dev.patchbay.event;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A journal that takes what it is given, and answers who reads, when the test lets it. */
public final class SlowJournal implements JournalOver {
    private final RingJournal memory = RingJournal.ofUsualSize(new Random(3));
    private final Queue<Sinks.Empty<Void>> heldReads = new ArrayDeque<>();
    private Sinks.Empty<Void> gate = openGate();
    private boolean holdsReads;

    private static Sinks.Empty<Void> openGate() {
        Sinks.Empty<Void> gate = Sinks.empty();
        gate.tryEmitEmpty().orThrow();
        return gate;
    }

    @Override
    public EventJournal journal() {
        return memory;
    }

    /** From here on nothing is taken. */
    public void hold() {
        gate = Sinks.empty();
    }

    /** All of it is. */
    public void letGo() {
        gate.tryEmitEmpty().orThrow();
    }

    /** Who reads from here on is not answered. */
    public void holdReads() {
        holdsReads = true;
    }

    /** Those are, but not who read before. */
    public void answerReads() {
        holdsReads = false;
    }

    /** So is the first of those who read before. */
    public void answerHeldRead() {
        heldReads.remove().tryEmitEmpty().orThrow();
    }

    private Mono<Void> readGate() {
        return Mono.defer(() -> {
            if (!holdsReads) {
                return Mono.empty();
            }
            Sinks.Empty<Void> held = Sinks.empty();
            heldReads.add(held);
            return held.asMono();
        });
    }

    @Override
    public Mono<Void> append(List<LoggedEvent> events) {
        return Mono.defer(() -> gate.asMono()).then(memory.append(events));
    }

    @Override
    public Mono<EventPage> read(long after, int max, EventFilter filter) {
        return readGate().then(memory.read(after, max, filter));
    }

    @Override
    public Mono<Long> before(Instant time) {
        return readGate().then(memory.before(time));
    }
}
