package dev.patchbay.benchmarks.measure;

import java.util.List;
import java.util.Optional;

/**
 * A named series of samples: what reports draw and comparisons judge.
 *
 * @param name what was measured, as no other of its run is called
 * @param unit what the samples count
 * @param samples what was measured
 * @param baseline the name of the series of the same run that it is to be seen beside
 * @param along its place on a curve, if it is a point of one
 */
public record Series(String name, Unit unit, Samples samples, Optional<String> baseline,
        Optional<Along> along) {
    private static final int LONGEST_NAME = 300;

    /**
     * A place on a curve.
     *
     * @param line the curve's name: series with the same one, and the same parameter, are points of it
     * @param parameter what is varied, such as {@code plugins}
     * @param value of the parameter
     */
    public record Along(String line, String parameter, double value) {
        /** Checks. @throws IllegalArgumentException if a name is missing or too long, or the value is no number */
        public Along {
            checkName("line", line);
            checkName("parameter", parameter);
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a parameter is a number, not " + value);
            }
        }
    }

    /** Checks. @throws IllegalArgumentException if a name is missing or too long */
    public Series {
        checkName("series", name);
        baseline.ifPresent(other -> checkName("baseline", other));
    }

    /** Samples that were taken one by one. */
    public static Series of(String name, Unit unit, List<Double> samples) {
        return of(name, unit, Samples.of(samples));
    }

    /** The same of samples that may be counted. */
    public static Series of(String name, Unit unit, Samples samples) {
        return new Series(name, unit, samples, Optional.empty(), Optional.empty());
    }

    /** Durations. */
    public static Series of(String name, Timings timings) {
        return of(name, Unit.MILLIS, timings.millis());
    }

    /** The same, to be seen beside another of its run; beside itself it says nothing. */
    public Series beside(String other) {
        return other.equals(name) ? this : new Series(name, unit, samples, Optional.of(other), along);
    }

    /** The same as a point of a curve. */
    public Series along(String line, String parameter, double value) {
        return new Series(name, unit, samples, baseline, Optional.of(new Along(line, parameter, value)));
    }

    static void checkName(String what, String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("the name of a " + what + " has 1 to " + LONGEST_NAME
                    + " characters, not " + name.length());
        }
    }
}
