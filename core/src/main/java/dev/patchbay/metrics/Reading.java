package dev.patchbay.metrics;

import java.util.List;

/**
 * The value of one series at one moment.
 *
 * @param metric of what
 * @param tags values of its tags, in their order
 * @param value in the base unit; of a timer, the sum
 * @param count of a timer, how many there were; 0 for all else
 */
public record Reading(Metric metric, List<String> tags, double value, long count) {
    /** Checks that each tag has a value. */
    public Reading {
        tags = List.copyOf(tags);
        if (tags.size() != metric.tags().size()) {
            throw new IllegalArgumentException(metric + " has the tags " + metric.tags() + ", not " + tags);
        }
    }

    /** One of a metric that is no timer: a number of things. */
    public static Reading of(Metric metric, long value, String... tags) {
        return of(metric, (double) value, tags);
    }

    /** One of a metric that is no timer. */
    public static Reading of(Metric metric, double value, String... tags) {
        return new Reading(metric, List.of(tags), value, 0);
    }
}
