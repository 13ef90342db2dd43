package dev.patchbay.benchmarks.measure;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.testing.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a dockerd leaves outside of its roots: folders of its plugins' sockets, and sockets of shims that were killed. Only
 * what is its own, as its roots tell, is removed.
 *
 * @param paths what is to be removed
 */
public record DockerdTraces(List<Path> paths) {
    /** Where every dockerd has a folder for each plugin that it has started, by its id. */
    public static final Path SOCKETS = Path.of("/run/docker/plugins");

    private static final Path SHIMS = Path.of("/run/containerd/s");
    private static final String TASKS = "containerd/daemon/io.containerd.runtime.v2.task/plugins.moby";
    private static final Pattern SHIM = Pattern.compile("unix://" + SHIMS + "/[0-9a-f]{1,128}");

    /** Copies. */
    public DockerdTraces {
        paths = List.copyOf(paths);
    }

    /** Finds them; to be called while its roots are there. */
    static DockerdTraces of(Place place) throws IOException {
        var paths = new ArrayList<Path>();
        for (Path plugin : list(place.root().resolve("plugins"))) {
            String name = String.valueOf(plugin.getFileName());
            if (PluginId.parse(name).isPresent()) { // and not the folder with the blobs: somebody's plugin may be called so
                paths.add(SOCKETS.resolve(name));
            }
        }
        for (Path task : list(place.execRoot().resolve(TASKS))) {
            try {
                shim(Files.readString(task.resolve("address")).strip()).ifPresent(paths::add);
            } catch (NoSuchFileException _) {
                // its container is not run by a shim, or was just removed
            }
        }
        return new DockerdTraces(paths);
    }

    /** The socket at an address, if it is where shims have theirs. */
    private static Optional<Path> shim(String address) {
        return SHIM.matcher(address).matches()
                ? Optional.of(SHIMS.resolve(address.substring(address.lastIndexOf('/') + 1)))
                : Optional.empty();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /** Removes them. */
    void remove() throws IOException {
        for (Path path : paths) {
            FileTrees.remove(path);
        }
    }
}
