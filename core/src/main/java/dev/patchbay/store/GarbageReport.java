package dev.patchbay.store;

import java.util.List;

/**
 * What a collection of garbage found and did.
 *
 * @param dryRun whether it only looked
 * @param blobs how many blobs there were
 * @param unreferenced how many of them nobody refers to and nobody is at work with
 * @param deleted how many of those were deleted; with a dry run, 0
 * @param bytes of the deleted blobs; with a dry run, of the unreferenced ones
 * @param unfinished how many abandoned unfinished writes were deleted, or, with a dry run, found
 * @param problems what could not be looked at or deleted, a sentence each; at most {@value #MAX_PROBLEMS}
 */
public record GarbageReport(boolean dryRun, long blobs, long unreferenced, long deleted, long bytes,
        long unfinished, List<String> problems) {
    /** How many problems are told. */
    public static final int MAX_PROBLEMS = 20;

    /** Copies. */
    public GarbageReport {
        problems = List.copyOf(problems);
    }
}
