package dev.patchbay.web.v1;

import dev.patchbay.web.feed.EventHub;

/** What one connection of the event stream may ask for. {@code asyncapi.json} names each. */
final class StreamLimits {
    /** The longest frame, or message of several frames, that a client may send; longer ends the connection with 1009. */
    static final int MAX_FRAME_BYTES = 16 << 10;

    /** How many frames of any kind a client may send within a second; more ends the connection with 4502. */
    static final int MAX_FRAMES_PER_SECOND = 1000;

    /** How many subscriptions a connection may have at a time; more are refused with an error frame. */
    static final int MAX_SUBSCRIPTIONS = 64;

    /** How many error frames a connection gets; instead of the next one it is ended with 4502. */
    static final int MAX_ERRORS = 64;

    /** The longest name of a subscription, in characters. */
    static final int MAX_SUB_LENGTH = 64;

    /** How many events may be granted at once. */
    static final int MAX_CREDIT = 1_000_000;

    /** How many values a filter may have, all keys together. */
    static final int MAX_FILTER_VALUES = 100;

    /** How many distinct filters all connections may have together; one more ends its connection with 4013, or gets 503. */
    static final int MAX_FILTERS = EventHub.MAX_FILTERS;

    private StreamLimits() {}
}
