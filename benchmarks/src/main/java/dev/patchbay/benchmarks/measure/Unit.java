package dev.patchbay.benchmarks.measure;

/**
 * What numbers count.
 *
 * @param name such as {@code ms} or {@code events/s}
 * @param better which numbers are better
 */
public record Unit(String name, Better better) {
    /** Milliseconds. */
    public static final Unit MILLIS = new Unit("ms", Better.LOWER);

    /** Megabytes, a million bytes each. */
    public static final Unit MEGABYTES = new Unit("MB", Better.LOWER);

    /** Checks. @throws IllegalArgumentException if it has no name, or one that is too long */
    public Unit {
        Series.checkName("unit", name);
    }

    /** So many of something in a second. */
    public static Unit perSecond(String things) {
        return new Unit(things + "/s", Better.HIGHER);
    }
}
