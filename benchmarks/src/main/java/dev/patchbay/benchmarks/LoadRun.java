package dev.patchbay.benchmarks;

/** A measurement that runs the real thing under load, against a baseline of the same run. */
interface LoadRun {
    /** Measures. Leaves nothing behind, also when it fails. */
    Table measure(Built built) throws Exception;
}
