package dev.patchbay.simulation;

import dev.patchbay.PluginView;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.StoredPlugins.Versions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether what names a plugin names one plugin. */
final class Uniqueness implements Invariant {
    private final Witness witness;
    private final Map<PluginId, String> made = new HashMap<>();
    private final Set<PluginId> unreadable = new HashSet<>();

    Uniqueness(Witness witness) {
        this.witness = witness;
    }

    @Override
    public String sentence() {
        return "no id is ever given to two plugins, and no name, unless one of them could not be read at the time";
    }

    /** Nobody can tell the name of a plugin whose folder cannot be read. */
    void unreadable(PluginId plugin) {
        unreadable.add(plugin);
    }

    /** A client was told that it has made this. */
    void made(Attempt attempt, PluginId plugin) {
        String other = made.put(plugin, attempt.name());
        if (other != null) {
            witness.broken(this, attempt.name() + " and, before it, " + other + " were made as " + plugin);
        }
    }

    /** What an engine shows. */
    void check(List<PluginView> views) {
        Set<PluginId> ids = new HashSet<>();
        views.stream()
                .map(view -> view.plugin().id())
                .filter(id -> !ids.add(id))
                .forEach(id -> witness.broken(this, id + " is listed twice"));
    }

    /** What is on disk, by the folders' names. */
    void check(Map<String, Versions> found) {
        Map<String, PluginId> names = new HashMap<>();
        found.forEach((folder, versions) -> {
            PluginId id = versions.record().plugin().id();
            if (!id.hex().equals(folder)) {
                witness.broken(this, folder + " holds " + id);
            }
            PluginId other = names.put(versions.record().plugin().name().familiar(), id);
            if (other != null && !unreadable.contains(other) && !unreadable.contains(id)) {
                witness.broken(this, other + " and " + id + " are called "
                        + versions.record().plugin().name().familiar());
            }
        });
    }
}
