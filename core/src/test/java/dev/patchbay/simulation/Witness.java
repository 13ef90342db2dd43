package dev.patchbay.simulation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the first invariant of a world that was broken. */
final class Witness {
    /** An invariant that did not hold, and how. */
    record Broken(Invariant invariant, String detail) {
        @Override
        public String toString() {
            return invariant.getClass().getSimpleName() + ", \"" + invariant.sentence() + "\": " + detail;
        }
    }

    private final Trace trace;
    private @Nullable Broken first;

    Witness(Trace trace) {
        this.trace = trace;
    }

    void broken(Invariant invariant, String detail) {
        if (first == null) {
            first = new Broken(invariant, detail);
            trace.tell("BROKEN " + invariant.getClass().getSimpleName() + ":", detail);
        }
    }

    boolean isContent() {
        return first == null;
    }

    Optional<Broken> first() {
        return Optional.ofNullable(first);
    }
}
