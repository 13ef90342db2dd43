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
    /** Goes up with each change. */
    int round();

    /** Lets a call through, or not. */
    Admission admit(long nowNanos, CircuitLimits limits);

    /** Learns what became of a call that was let through in this round. */
    Circuit after(Outcome outcome, long nowNanos, CircuitLimits limits);

    /** Learns what became of a call that was let through in some round. */
    default Circuit after(int round, Outcome outcome, long nowNanos, CircuitLimits limits) {
        return round == round() ? after(outcome, nowNanos, limits) : this;
    }

    /** All calls are let through. Outcomes of the last ones: the newest is the lowest bit, failures are ones. */
    record Closed(int round, long outcomes) implements Circuit {
        /** Of a plugin that has not been asked yet. */
        static final Closed START = new Closed(0, 0);

        @Override
        public Admission admit(long nowNanos, CircuitLimits limits) {
            return new Admission.Admitted(this);
        }

        @Override
        public Circuit after(Outcome outcome, long nowNanos, CircuitLimits limits) {
            long all = switch (outcome) {
                case ANSWERED -> outcomes << 1;
                case FAILED -> outcomes << 1 | 1;
                case ABANDONED -> outcomes;
            };
            if (limits.tooBad(all)) {
                return new Open(round + 1, nowNanos + limits.pauseNanos());
            }
            return all == outcomes ? this : new Closed(round, all);
        }
    }

    /** None is, until then. */
    record Open(int round, long untilNanos) implements Circuit {
        @Override
        public Admission admit(long nowNanos, CircuitLimits limits) {
            return nowNanos >= untilNanos
                    ? new Admission.Admitted(new HalfOpen(round + 1, nowNanos + limits.pauseNanos()))
                    : new Admission.Refused(Duration.ofNanos(untilNanos - nowNanos));
        }

        @Override
        public Circuit after(Outcome outcome, long nowNanos, CircuitLimits limits) {
            return this;
        }
    }

    /** One is on its way, or several; the next may go then. All are of one round: the first of which something is known tells. */
    record HalfOpen(int round, long untilNanos) implements Circuit {
        @Override
        public Admission admit(long nowNanos, CircuitLimits limits) {
            return nowNanos >= untilNanos
                    ? new Admission.Admitted(new HalfOpen(round, nowNanos + limits.pauseNanos()))
                    : new Admission.Refused(Duration.ofNanos(untilNanos - nowNanos));
        }

        @Override
        public Circuit after(Outcome outcome, long nowNanos, CircuitLimits limits) {
            return switch (outcome) {
                case ANSWERED -> new Closed(round + 1, 0);
                case FAILED -> new Open(round + 1, nowNanos + limits.pauseNanos());
                case ABANDONED -> new Open(round + 1, nowNanos); // it proved nothing: let the next one try
            };
        }
    }

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
}
