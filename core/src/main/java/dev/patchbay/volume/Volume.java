package dev.patchbay.volume;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/**
 * A volume, as it is remembered.
 *
 * @param name what it is called, here and by its driver
 * @param driver the stored name of its plugin
 * @param options what it was made with
 * @param labels what its user wrote on it
 * @param createdAt when it was made, or found, here
 * @param mounts who has it mounted, by their ids
 */
record Volume(String name, String driver, Map<String, String> options, Map<String, String> labels,
        Instant createdAt, TreePMap<String, Mount> mounts) {
    /** Copies. */
    Volume {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    Optional<Mount> mount(String id) {
        return Optional.ofNullable(mounts.get(id));
    }

    Stream<Mount> allMounts() {
        return mounts.values().stream();
    }

    Volume with(Mount mount) {
        return new Volume(name, driver, options, labels, createdAt, mounts.plus(mount.id(), mount));
    }

    Volume with(TreePMap<String, Mount> others) {
        return new Volume(name, driver, options, labels, createdAt, others);
    }

    Volume without(String mount) {
        return new Volume(name, driver, options, labels, createdAt, mounts.minus(mount));
    }
}
