package dev.patchbay.event.client;

import dev.patchbay.event.client.StreamSignal.Lost;

/** Events are lost to somebody who asked for events only. Subscribing again goes on with what follows, or begins anew. */
public final class EventsLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // never sent anywhere
    private final Lost lost;

    EventsLostException(Lost lost) {
        super("the events after " + lost.from() + " up to " + lost.to() + " are lost: " + lost.reason());
        this.lost = lost;
    }

    /** What is lost, and why. */
    public Lost lost() {
        return lost;
    }
}
