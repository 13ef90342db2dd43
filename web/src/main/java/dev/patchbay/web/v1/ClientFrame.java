package dev.patchbay.web.v1;

import dev.patchbay.event.EventFilter;
import dev.patchbay.web.feed.Wish;

/** What a client says on the event stream. */
sealed interface ClientFrame {
    /**
     * Begins a subscription.
     *
     * @param sub what it is called on this connection
     * @param start where it begins
     * @param filter what passes
     * @param credit how many events may be sent; {@link Wish#UNLIMITED} if the client did not say
     */
    record Subscribe(String sub, Wish.Start start, EventFilter filter, long credit) implements ClientFrame {}

    /** Grants so many events more. */
    record Credit(String sub, long events) implements ClientFrame {}

    /** Ends a subscription. */
    record Unsubscribe(String sub) implements ClientFrame {}

    /**
     * A frame of a known kind in which something is wrong.
     *
     * @param sub the subscription, or an empty text if that is what is wrong
     * @param message what is wrong
     */
    record Wrong(String sub, String message) implements ClientFrame {}

    /** Text that is no frame. */
    record Noise(String message) implements ClientFrame {}
}
