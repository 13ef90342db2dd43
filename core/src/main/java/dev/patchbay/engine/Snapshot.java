package dev.patchbay.engine;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginView;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * All plugins at one moment. Immutable; a changed plugin makes a new snapshot that shares all but a path of two search
 * trees with the old, so that publishing does not grow with the number of plugins.
 *
 * @param byId by the digits of the id
 * @param byName by the familiar name, then the id: an old dockerd may have left two plugins of one name (D7)
 * @param unreadable why no plugin can be read from the folder with the digits of this id
 */
record Snapshot(TreePMap<String, Shown> byId, TreePMap<String, Shown> byName,
        TreePMap<String, String> unreadable) {
    /** A plugin as users see it, and all that is on disk of it. */
    record Shown(PluginView view, PluginRecord record) {}

    static final Snapshot EMPTY = new Snapshot(TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

    /** No name has it, and it is less than what any name has. */
    private static final char END_OF_NAME = '\0';

    Snapshot with(PluginView view, PluginRecord record) {
        var shown = new Shown(view, record);
        return new Snapshot(byId.plus(view.plugin().id().hex(), shown), byName.plus(key(view), shown),
                unreadable);
    }

    Snapshot without(PluginView view) {
        return new Snapshot(byId.minus(view.plugin().id().hex()), byName.minus(key(view)), unreadable);
    }

    /** With a folder that no plugin can be read from. */
    Snapshot unreadable(PluginId folder, String why) {
        return new Snapshot(byId, byName, unreadable.plus(folder.hex(), why));
    }

    /** With a folder that can be read. */
    Snapshot readable(PluginId folder) {
        return new Snapshot(byId, byName, unreadable.minus(folder.hex()));
    }

    private static String key(PluginView view) {
        return firstKey(view.plugin().name()) + view.plugin().id().hex();
    }

    private static String firstKey(PluginName name) {
        return name.familiar() + END_OF_NAME;
    }

    Optional<PluginView> find(PluginId id) {
        return Optional.ofNullable(byId.get(id.hex())).map(Shown::view);
    }

    boolean hasName(PluginName name) {
        return startsWith(byName.ceilingKey(firstKey(name)), firstKey(name));
    }

    List<PluginView> list(PluginFilter filter) {
        return byName.values().stream().map(Shown::view).filter(view -> filter.test(view.plugin())).toList();
    }

    /** The enabled plugins that can do what is asked for, by name. */
    List<PluginView> serving(InterfaceType asked) {
        return shownServing(asked).map(Shown::view).toList();
    }

    /** The same with all that is on disk of them. */
    Stream<Shown> shownServing(InterfaceType asked) {
        return byName.values()
                .stream()
                .filter(shown -> shown.view().plugin().enabled()
                        && shown.view().plugin().config().serving(asked).isPresent());
    }

    /** Names that several plugins have, each as a sentence that says what to do. */
    List<String> sharedNames() {
        var shared = new LinkedHashSet<String>();
        String last = "";
        for (String key : byName.keySet()) { // probes ask often: nothing is made of names that are nobody else's
            int end = key.indexOf(END_OF_NAME);
            if (last.regionMatches(0, key, 0, end + 1)) {
                shared.add(key.substring(0, end));
            }
            last = key;
        }
        return shared.stream().map(this::sharedName).toList();
    }

    private String sharedName(String name) {
        return "several plugins are called " + name + ": "
                + byName.values()
                        .stream()
                        .map(shown -> shown.view().plugin())
                        .filter(plugin -> plugin.name().familiar().equals(name))
                        .map(plugin -> plugin.id().shortHex())
                        .collect(Collectors.joining(", "))
                + "; name them by these ids, and remove all but one";
    }

    /**
     * The plugin that a text names, by moby's rules ({@code plugin/store.go}, {@code resolvePluginID}): a full id is an
     * id and nothing else; a text that is no reference, or has a digest, names nothing; a name wins over an id prefix.
     */
    PluginView named(String nameOrId) {
        return shown(nameOrId).view();
    }

    /** The same; empty if it names nothing, so that it may name a legacy plugin. */
    Optional<PluginView> known(String nameOrId) {
        try {
            return Optional.of(named(nameOrId));
        } catch (PluginNotFoundException _) {
            return Optional.empty();
        }
    }

    /** Whether a text names a plugin, or several, which then hide whoever else is called so. */
    boolean names(String nameOrId) {
        try {
            return known(nameOrId).isPresent();
        } catch (AmbiguousPluginException _) {
            return true;
        }
    }

    /** All that is on disk of the plugin that a text names, as {@link #named}. */
    PluginRecord record(String nameOrId) {
        return shown(nameOrId).record();
    }

    private Shown shown(String nameOrId) {
        var id = PluginId.parse(nameOrId);
        if (id.isPresent()) {
            return Optional.ofNullable(byId.get(id.get().hex())).orElseThrow(() -> notThere(nameOrId));
        }
        var name = PluginName.find(nameOrId);
        if (name.isEmpty()) {
            throw new PluginNotFoundException(nameOrId);
        }
        String key = firstKey(name.get());
        return only(nameOrId, key, byName).or(() -> only(nameOrId, nameOrId, byId))
                .orElseThrow(() -> new PluginNotFoundException(nameOrId));
    }

    private PluginException notThere(String id) {
        String why = unreadable.get(id);
        return why == null
                ? new PluginNotFoundException(id)
                : new PluginStorageException("plugin " + id + " cannot be read: " + why, null);
    }

    /** The one whose key begins so, if there is any. */
    private static Optional<Shown> only(String nameOrId, String prefix, TreePMap<String, Shown> from) {
        var first = from.ceilingEntry(prefix);
        if (first == null || !startsWith(first.getKey(), prefix)) {
            return Optional.empty();
        }
        if (startsWith(from.higherKey(first.getKey()), prefix)) {
            throw new AmbiguousPluginException(nameOrId);
        }
        return Optional.of(first.getValue());
    }

    private static boolean startsWith(@Nullable String key, String prefix) {
        return key != null && key.startsWith(prefix);
    }
}
