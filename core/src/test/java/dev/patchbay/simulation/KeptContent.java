package dev.patchbay.simulation;

import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.simulation.SimulatedDisk.Folder;
import dev.patchbay.simulation.StoredPlugins.Versions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What is on disk, looked at from outside. */
final class KeptContent implements Invariant {
    private final World world;
    private final Folder plugins;
    private final Folder blobs;

    KeptContent(World world) {
        this.world = world;
        this.plugins = world.disk().top(SimulatedStore.PLUGINS);
        this.blobs = world.disk().top(SimulatedStore.BLOBS);
        world.disk().watchDeletions(this::deleted);
    }

    @Override
    public String sentence() {
        return "an installed plugin is whole: its files are those of its version, and none of its blobs is ever gone";
    }

    private void deleted(Folder from, String name) {
        if (from == blobs && referred().contains(name)) {
            world.witness().broken(this, "blob " + name + " was deleted, and a plugin needs it");
        }
    }

    /** What any plugin refers to. */
    Set<String> referred() {
        Set<String> referred = new HashSet<>();
        for (String id : plugins.names()) {
            if (versions(id) instanceof Versions versions) {
                versions.records().flatMap(StoredContent::of).forEach(blob -> referred.add(blob.toString()));
            }
        }
        return referred;
    }

    private @org.jspecify.annotations.Nullable Object versions(String id) {
        return id.endsWith("-removing") ? null : plugins.folder(id).content(StoredPlugins.RECORD);
    }

    /** Looks at everything. Between two acts of the store only. */
    void check() {
        Map<String, Versions> found = new HashMap<>();
        for (String id : plugins.names()) {
            if (versions(id) instanceof Versions versions) {
                found.put(id, versions);
                check(id, versions.record(), versions.rootfs());
                versions.previous().ifPresent(previous -> check(id, previous.record(), previous.rootfs()));
            }
        }
        world.uniqueness().check(found);
    }

    private void check(String id, PluginRecord record, String rootfs) {
        StoredContent.of(record)
                .filter(blob -> !(blobs.content(blob.toString()) instanceof byte[]))
                .findFirst()
                .ifPresent(blob -> world.witness().broken(this, id + " has lost blob " + blob));
        Object files = plugins.folder(id).get(rootfs) instanceof Folder folder
                ? folder.content(StoredPlugins.FILES)
                : "nothing";
        if (!record.config().map(config -> config.equals(files)).orElse(false)) {
            world.witness().broken(this, id + " has in place of its files " + files);
        }
    }
}
