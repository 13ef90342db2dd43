package dev.patchbay.volume;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume as it is at this moment.
 *
 * @param name what it is called
 * @param driver the stored name of its plugin
 * @param scope {@value #LOCAL}, or {@code global} if the driver says so
 * @param options what it was made with; empty if it was not made here
 * @param labels what its user wrote on it
 * @param createdAt when it was made, as its driver says, or else as is known here
 * @param status what its driver tells of it: JSON texts by their keys
 * @param mounts who has it mounted, by their ids
 * @param problem why its driver cannot be asked about it, if it cannot: a sentence
 */
public record VolumeView(String name, String driver, String scope, Map<String, String> options,
        Map<String, String> labels, Optional<Instant> createdAt, Map<String, String> status,
        List<VolumeMount> mounts, Optional<String> problem) {
    /** The scope of a volume that this machine alone has. */
    public static final String LOCAL = "local";

    /** Copies. */
    public VolumeView {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
        status = Map.copyOf(status);
        mounts = List.copyOf(mounts);
    }

    /** Where it is on the host, if it is mounted now. */
    public Optional<Path> mountpoint() {
        return mounts.stream()
                .filter(mount -> mount.state() == VolumeMount.State.MOUNTED)
                .flatMap(mount -> mount.path().stream())
                .findFirst();
    }

    /** Whether nobody has it mounted, nor wants to. */
    public boolean isUnused() {
        return mounts.isEmpty();
    }
}
