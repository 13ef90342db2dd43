package dev.patchbay.benchmarks.measure;

/** A measurement that runs the real thing under load, against a baseline of the same run. */
public interface LoadRun {
    /** Measures. Leaves nothing behind, also when it fails. */
    Table measure(Built built) throws Exception;
}
