package dev.patchbay.benchmarks.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * A figure beside what it was to be.
 *
 * @param figure what the figure is
 * @param value what was measured
 * @param bound how the limit is meant
 * @param limit what it was to be
 * @param unit of both
 * @param interval how far chance may have moved the value, as far as somebody knows
 */
public record Verdict(String figure, double value, Bound bound, double limit, String unit,
        Optional<Interval> interval) {
    /**
     * A part of all values.
     *
     * @param from its begin
     * @param to its end
     */
    public record Interval(double from, double to) {}

    /** One of a value of which nobody knows how far chance has moved it. */
    public Verdict(String figure, double value, Bound bound, double limit, String unit) {
        this(figure, value, bound, limit, unit, Optional.empty());
    }

    /** The same of a value that chance has moved this far at most. */
    public Verdict within(double from, double to) {
        return new Verdict(figure, value, bound, limit, unit, Optional.of(new Interval(from, to)));
    }

    /** How a limit is meant. */
    public enum Bound {
        /** The value itself is too much. */
        @JsonProperty("below")
        BELOW("below"),

        /** The value itself is good. */
        @JsonProperty("at most")
        AT_MOST("at most"),

        /** The value itself is good, and what is beyond it. */
        @JsonProperty("at least")
        AT_LEAST("at least");

        private final String words;

        Bound(String words) {
            this.words = words;
        }

        /** As it is written, and read out. */
        public String words() {
            return words;
        }
    }

    /** Whether it is as it was to be. */
    @JsonProperty("met")
    public boolean met() {
        return switch (bound) {
            case BELOW -> value < limit;
            case AT_MOST -> value <= limit;
            case AT_LEAST -> value >= limit;
        };
    }

    /** The same in a sentence. */
    @Override
    public String toString() {
        return figure + ": " + Timings.text(value) + " " + unit + ", wanted " + bound.words + " "
                + Timings.text(limit) + " " + unit + (met() ? ": MET" : ": MISSED");
    }
}
