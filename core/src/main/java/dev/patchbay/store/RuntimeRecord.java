package dev.patchbay.store;

import java.time.Instant;

/**
 * What is remembered of a plugin's life beside Docker's record, in a file of our own that Docker ignores.
 *
 * @param generation the number of its latest start
 * @param restarts how often it was started again since it last was healthy for a while
 * @param changed when it last changed state
 */
public record RuntimeRecord(int generation, int restarts, Instant changed) {
    /** Checks the numbers. */
    public RuntimeRecord {
        if (generation < 0 || restarts < 0) {
            throw new IllegalArgumentException(
                    "generation and restarts must not be negative: " + generation + ", " + restarts);
        }
    }
}
