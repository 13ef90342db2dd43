package dev.patchbay.legacy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What lies in a folder.
 *
 * @param files that may speak for plugins, by their names
 * @param watched where a change of these names changes it; every name, if none is given
 * @param problems what an operator should know
 */
record Listing(Set<Path> files, Map<Path, Set<String>> watched, List<String> problems) {
    static final Listing NOTHING = new Listing(Set.of(), Map.of(), List.of());

    /** Copies. */
    Listing {
        files = Set.copyOf(files);
        watched = Map.copyOf(watched);
        problems = List.copyOf(problems);
    }
}
