package dev.patchbay.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Multicasts events to whoever listens at the moment. One writer; a listener that has not asked for an event misses it,
 * so each brings a buffer of its own. Listeners with equal filters are a {@link Group}, made with its first and gone with
 * its last, which evaluates the filter once per event.
 */
final class EventBus {
    private final Sinks.Many<Cursor> epochs = Sinks.many().multicast().directBestEffort();
    private final Object lock = new Object();
    private final Map<EventFilter, Group> byFilter = new HashMap<>(); // under the lock
    private volatile List<Group> groups = List.of(); // the same, for the writer; replaced under the lock
    private boolean closed; // under the lock
    private volatile @Nullable Cursor told;

    /** Listeners with one filter. */
    private static final class Group {
        private final EventFilter filter;
        private final Sinks.Many<EventLog.Told> sink = Sinks.many().multicast().directBestEffort();
        private int members; // under the bus's lock

        // The writer's:
        private String epoch = "";
        private long prev;

        Group(EventFilter filter) {
            this.filter = filter;
        }

        void publish(LoggedEvent event) {
            if (!epoch.equals(event.cursor().epoch())) {
                // Nothing is known of what came before the first event that this group was asked about.
                epoch = event.cursor().epoch();
                prev = event.seq() - 1;
            }
            if (!filter.isAll() && !filter.test(event.event())) {
                return;
            }
            var signal = new EventSignal.Happened(event.event(), prev);
            prev = event.seq();
            switch (sink.tryEmitNext(new EventLog.Told(event, signal))) {
                case OK, FAIL_ZERO_SUBSCRIBER, FAIL_TERMINATED, FAIL_CANCELLED, FAIL_OVERFLOW -> {
                } // heard, or nobody to hear
                case FAIL_NON_SERIALIZED ->
                    throw new IllegalStateException("two writers on the event bus: " + event);
            }
        }

        void close() {
            if (sink.tryEmitComplete() == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
                throw new IllegalStateException("the event bus is closed while it is written to");
            }
        }
    }

    /**
     * Hands an event to all listeners that want it. Always from the same thread, or serialized.
     *
     * @throws IllegalStateException if two writers meet
     */
    void publish(LoggedEvent event) {
        for (Group group : groups) {
            group.publish(event);
        }
    }

    /** Tells all listeners that numbering begins again, after this place. The writer's. */
    void begin(Cursor place) {
        if (epochs.tryEmitNext(place) == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
            throw new IllegalStateException("two writers on the event bus: " + place);
        }
    }

    /** Notes that everything up to here was handed to all listeners. The writer's. */
    void toldUpTo(Cursor place) {
        told = place;
    }

    /** Up to where everything was handed to all listeners: whoever has got nothing newer has got all. */
    @Nullable
    Cursor told() {
        return told;
    }

    /** Ends the stream for every listener. The writer's. */
    void close() {
        synchronized (lock) {
            closed = true;
        }
        groups.forEach(Group::close);
        boolean _ = epochs.tryEmitComplete().isSuccess(); // closed once
    }

    /** Where numbering begins again, from now on. Hot; drops what is not asked for in time. */
    Flux<Cursor> epochs() {
        return epochs.asFlux();
    }

    /** Events from now on. Hot; drops what is not asked for in time. */
    Flux<EventLog.Told> live(EventFilter filter) {
        return Flux.using(() -> join(filter), group -> group.sink.asFlux(), this::leave);
    }

    /** How many distinct filters there are. */
    int groups() {
        return groups.size();
    }

    private Group join(EventFilter filter) {
        synchronized (lock) {
            Group known = byFilter.get(filter);
            if (known != null) {
                known.members++;
                return known;
            }
            var group = new Group(filter);
            group.members = 1;
            if (closed) {
                group.close();
                return group;
            }
            byFilter.put(filter, group);
            groups = List.copyOf(byFilter.values());
            return group;
        }
    }

    private void leave(Group group) {
        synchronized (lock) {
            group.members--;
            if (group.members == 0 && byFilter.remove(group.filter, group)) {
                groups = List.copyOf(byFilter.values());
            }
        }
    }
}
