package dev.patchbay.store;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a plugin sees in place of its root file system at a path and below.
 *
 * @param destination the path, as it is written
 * @param source where the host sees the same; empty if it sees it nowhere
 * @param what is there, in a sentence
 */
record InsideMount(String destination, Optional<Path> source, String what) {
    /** File systems that the runtime makes in each container. */
    private static final List<String> MADE = List.of("/proc", "/dev", "/sys");

    /** Where each plugin puts its socket: Docker's path, compiled into plugins. */
    private static final String EXEC_MOUNT = "/run/docker/plugins";

    /** All of a plugin, in the order in which they are made: a later one hides an earlier one. */
    static List<InsideMount> of(InstalledPlugin plugin, Path propagated) {
        List<InsideMount> mounts = new ArrayList<>();
        MADE.forEach(place -> mounts.add(unseen(place, "a file system that the runtime makes")));
        String own = plugin.config().propagatedMount();
        if (!own.isEmpty()) {
            mounts.add(new InsideMount(own, Optional.of(propagated), "its propagated mount"));
        }
        plugin.settings().mounts().forEach(mount -> mounts.add(configured(mount)));
        mounts.add(unseen(EXEC_MOUNT, "the folder of its socket"));
        return mounts;
    }

    private static InsideMount unseen(String destination, String what) {
        return new InsideMount(destination, Optional.empty(), what);
    }

    private static InsideMount configured(PluginConfig.Mount mount) {
        Optional<Path> source = mount.isBind()
                ? mount.source().flatMap(InsideMount::plain)
                : Optional.empty();
        return new InsideMount(mount.destination(), source,
                mount.isBind() ? "something of the host that has no plain path" : "a " + mount.type());
    }

    private static Optional<Path> plain(String source) {
        try {
            Path path = Path.of(source);
            return path.isAbsolute() && path.equals(path.normalize()) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
