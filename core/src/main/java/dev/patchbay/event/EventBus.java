package dev.patchbay.event;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Multicasts events to whoever listens at the moment. One writer; a listener that has not asked for an event misses it,
 * so each brings a buffer of its own.
 */
public final class EventBus {
    private final Sinks.Many<PluginEvent> sink = Sinks.many().multicast().directBestEffort();

    /** Makes a bus without listeners. */
    public EventBus() {}

    /**
     * Hands an event to all listeners. Always from the same thread, or serialized.
     *
     * @throws IllegalStateException if two writers meet
     */
    public void publish(PluginEvent event) {
        switch (sink.tryEmitNext(event)) {
            case OK, FAIL_ZERO_SUBSCRIBER, FAIL_TERMINATED, FAIL_CANCELLED, FAIL_OVERFLOW -> {
            } // heard, or nobody to hear
            case FAIL_NON_SERIALIZED ->
                throw new IllegalStateException("two writers on the event bus: " + event);
        }
    }

    /** Ends the stream for every listener. */
    public void close() {
        if (sink.tryEmitComplete() == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
            throw new IllegalStateException("the event bus is closed while it is written to");
        }
    }

    /** Events from now on. Hot; drops what is not asked for in time. */
    public Flux<PluginEvent> events() {
        return sink.asFlux();
    }
}
