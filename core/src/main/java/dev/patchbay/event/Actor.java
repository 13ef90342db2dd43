package dev.patchbay.event;

import java.util.Arrays;
import java.util.Optional;

/**
 * Who caused an event.
 *
 * @param kind a caller, or the engine itself
 * @param requestId what the caller's request is called in the log; empty if it has no name, and for the engine
 */
public record Actor(Kind kind, String requestId) {
    /** What the engine did by itself. */
    public static final Actor ENGINE = new Actor(Kind.ENGINE, "");

    /** Somebody who asked for it, with the name of the request. */
    public static Actor caller(String requestId) {
        return new Actor(Kind.CALLER, requestId);
    }

    /** What kinds there are. */
    public enum Kind {
        /** The engine: it supervises, restores, collects, or was opened or closed. */
        ENGINE("engine"),
        /** Whoever called the façade. */
        CALLER("caller");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** As on the wire. */
        public String wireName() {
            return wireName;
        }

        /** The kind with this name on the wire. */
        public static Optional<Kind> of(String wireName) {
            return Arrays.stream(values()).filter(kind -> kind.wireName.equals(wireName)).findFirst();
        }
    }
}
