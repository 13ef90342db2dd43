package dev.patchbay.volume;

import java.util.List;

/**
 * What became of volumes that nobody uses.
 *
 * @param removed the names of those that are gone
 * @param warnings a sentence for each that could not be removed
 */
public record PruneReport(List<String> removed, List<String> warnings) {
    /** Copies. */
    public PruneReport {
        removed = List.copyOf(removed);
        warnings = List.copyOf(warnings);
    }
}
