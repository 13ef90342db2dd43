package dev.patchbay.volume;

import java.util.List;

/**
 * Volumes, and what could not be found out.
 *
 * @param volumes by their names
 * @param warnings a sentence for each driver that did not say which it has: of those, volumes that are known here are listed all
 *     the same
 */
public record VolumeList(List<VolumeView> volumes, List<String> warnings) {
    /** Copies. */
    public VolumeList {
        volumes = List.copyOf(volumes);
        warnings = List.copyOf(warnings);
    }
}
