package dev.patchbay.web.v1;

import dev.patchbay.event.Bounds;
import java.time.Duration;

/** What the server says about the event stream itself; what it says about events is {@link JsonFrames}'s. */
sealed interface Frame {
    /**
     * The first frame of every connection.
     *
     * @param bounds what is kept at this moment
     * @param heartbeat how often the server pings a quiet client, and how often it says at most how far it has come
     * @param node the name of the machine
     * @param version the server's own
     */
    record Hello(Bounds bounds, Duration heartbeat, String node, String version) implements Frame {}

    /**
     * Something that the client said cannot be done; the connection goes on.
     *
     * @param sub the subscription; empty if what is wrong is its name
     * @param message what is wrong
     */
    record Failed(String sub, ErrorCode code, String message) implements Frame {}

    /** What can be wrong with a frame. */
    enum ErrorCode {
        /** A field is missing, unknown, or has a bad value. */
        INVALID("invalid"),
        /** There is a subscription of that name. */
        DUPLICATE_SUB("duplicate_sub"),
        /** There is no subscription of that name. */
        UNKNOWN_SUB("unknown_sub"),
        /** The connection has as many subscriptions as it may. */
        TOO_MANY_SUBS("too_many_subs");

        private final String wireName;

        ErrorCode(String wireName) {
            this.wireName = wireName;
        }

        /** As on the wire. */
        String wireName() {
            return wireName;
        }
    }
}
