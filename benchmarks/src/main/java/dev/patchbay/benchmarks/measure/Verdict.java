package dev.patchbay.benchmarks.measure;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A figure beside what it was to be.
 *
 * @param figure what the figure is
 * @param value what was measured
 * @param bound how the limit is meant
 * @param limit what it was to be
 * @param unit of both
 */
public record Verdict(String figure, double value, Bound bound, double limit, String unit) {
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
