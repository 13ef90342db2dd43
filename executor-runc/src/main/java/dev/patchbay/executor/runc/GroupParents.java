package dev.patchbay.executor.runc;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The cgroups above those of containers: nobody removes them with the containers, and somebody has to in the end. */
final class GroupParents {
    private final Cgroups cgroups;
    private final Set<String> parents = ConcurrentHashMap.newKeySet();

    GroupParents(Cgroups cgroups) {
        this.cgroups = cgroups;
    }

    /** Remembers the one above this group of a container, unless nobody may remove it. */
    void above(String cgroupsPath) {
        Optional.ofNullable(Path.of(cgroupsPath).getParent())
                .map(Path::toString)
                .filter(Cgroups::removable)
                .ifPresent(parents::add);
    }

    /** Removes those in which no container is left. */
    void removeEmpty() {
        parents.forEach(cgroups::removeIfEmpty);
    }
}
