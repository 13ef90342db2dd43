package dev.patchbay.client;

import java.time.Duration;

/**
 * Whether a plugin is asked at all: closed while it answers, open when too many of the last calls got no answer, and half
 * open when, after a pause, one call tries, and after each further pause one more as long as nothing is known of the others.
 * What is said of a call that began before the last change is old news, which the number of the round tells.
 *
 * <p>Times are nanoseconds of a clock that never passes zero backwards.
 */
sealed interface Circuit {
    /** It has answered so far. */
    Circuit START = new Closed(0, 0);

    /** Goes up with each change. */
    int round();

    /** All calls are let through. Outcomes of the last ones: the newest is the lowest bit, failures are ones. */
    record Closed(int round, long outcomes) implements Circuit {}

    /** None is, until then. */
    record Open(int round, long untilNanos) implements Circuit {}

    /** One is on its way, or several; the next may go then. All are of one round: the first of which something is known tells. */
    record HalfOpen(int round, long untilNanos) implements Circuit {}

    /** What became of a call. */
    enum Outcome {
        /** The plugin answered, whatever it said. */
        ANSWERED,
        /** It did not, or not in time. */
        FAILED,
        /** Nobody waited for an answer. */
        ABANDONED
    }

    /** What a caller is told. */
    sealed interface Admission {
        /** To call, and to tell the outcome, with the round. */
        record Admitted(Circuit next) implements Admission {}

        /** To stay away for so long. */
        record Refused(Duration pause) implements Admission {}
    }

    /** Lets a call through, or not. */
    static Admission admit(Circuit circuit, long nowNanos, CircuitLimits limits) {
        return switch (circuit) {
            case Closed closed -> new Admission.Admitted(closed);
            case Open(int round, long until) when nowNanos >= until -> new Admission.Admitted(
                    new HalfOpen(round + 1, nowNanos + limits.pauseNanos()));
            case Open(_, long until) -> new Admission.Refused(Duration.ofNanos(until - nowNanos));
            case HalfOpen(int round, long until) when nowNanos >= until -> new Admission.Admitted(
                    new HalfOpen(round, nowNanos + limits.pauseNanos()));
            case HalfOpen(_, long until) -> new Admission.Refused(Duration.ofNanos(until - nowNanos));
        };
    }

    /** Learns what became of a call that was let through in a round. */
    static Circuit after(Circuit circuit, int round, Outcome outcome, long nowNanos, CircuitLimits limits) {
        if (circuit.round() != round) {
            return circuit;
        }
        return switch (circuit) {
            case Closed closed -> afterOneOfMany(closed, outcome, nowNanos, limits);
            case HalfOpen _ -> switch (outcome) {
                case ANSWERED -> new Closed(round + 1, 0);
                case FAILED -> new Open(round + 1, nowNanos + limits.pauseNanos());
                case ABANDONED -> new Open(round + 1, nowNanos); // it proved nothing: let the next one try
            };
            case Open open -> open;
        };
    }

    private static Circuit afterOneOfMany(Closed circuit, Outcome outcome, long nowNanos,
            CircuitLimits limits) {
        long outcomes = switch (outcome) {
            case ANSWERED -> circuit.outcomes() << 1;
            case FAILED -> circuit.outcomes() << 1 | 1;
            case ABANDONED -> circuit.outcomes();
        };
        if (limits.tooBad(outcomes)) {
            return new Open(circuit.round() + 1, nowNanos + limits.pauseNanos());
        }
        return outcomes == circuit.outcomes() ? circuit : new Closed(circuit.round(), outcomes);
    }
}
