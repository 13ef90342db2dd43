package dev.patchbay.simulation;

/** Something that holds at every step, whatever goes wrong. */
interface Invariant {
    /** What holds. */
    String sentence();
}
