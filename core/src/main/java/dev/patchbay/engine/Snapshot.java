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
import dev.patchbay.reference.Reference;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/**
 * All plugins at one moment. Immutable; a changed plugin makes a new snapshot that shares all but a path of each search
 * tree with the old, so that publishing does not grow with the number of plugins.
 *
 * @param byId by the digits of the id
 * @param byName by the familiar name; of one name, by their ids: an old dockerd may have left two plugins with it (D7)
 * @param unreadable why no plugin can be read from the folder with the digits of this id
 * @param noted those of the plugins whose status has a reason, by the digits of the id; few, and probes often ask for them
 * @param shared those of the names that several plugins have
 */
record Snapshot(TreePMap<String, Shown> byId, TreePMap<String, List<Shown>> byName,
        TreePMap<String, String> unreadable, TreePMap<String, PluginView> noted,
        TreePMap<String, List<Shown>> shared) {
    /** A plugin as users see it, and all that is on disk of it. */
    record Shown(PluginView view, PluginRecord record) {
        private String hex() {
            return view.plugin().id().hex();
        }
    }

    static final Snapshot EMPTY = new Snapshot(TreePMap.empty(), TreePMap.empty(), TreePMap.empty(),
            TreePMap.empty(), TreePMap.empty());

    Snapshot with(PluginView view, PluginRecord record) {
        var shown = new Shown(view, record);
        List<Shown> others = namesakes(view);
        List<Shown> all = others.isEmpty()
                ? List.of(shown)
                : Stream.concat(others.stream(), Stream.of(shown))
                        .sorted(Comparator.comparing(Shown::hex))
                        .toList();
        return new Snapshot(byId.plus(shown.hex(), shown), byName.plus(name(view), all), unreadable,
                view.status().reason().isPresent()
                        ? noted.plus(shown.hex(), view)
                        : noted.minus(shown.hex()),
                shared(view, all));
    }

    Snapshot without(PluginView view) {
        List<Shown> others = namesakes(view);
        String hex = view.plugin().id().hex();
        return new Snapshot(byId.minus(hex),
                others.isEmpty() ? byName.minus(name(view)) : byName.plus(name(view), others), unreadable,
                noted.minus(hex), shared(view, others));
    }

    private TreePMap<String, List<Shown>> shared(PluginView view, List<Shown> all) {
        return all.size() > 1 ? shared.plus(name(view), all) : shared.minus(name(view));
    }

    /** Other plugins of its name. */
    private List<Shown> namesakes(PluginView view) {
        String hex = view.plugin().id().hex();
        return byName.getOrDefault(name(view), List.of())
                .stream()
                .filter(shown -> !shown.hex().equals(hex))
                .toList();
    }

    /** With a folder that no plugin can be read from. */
    Snapshot unreadable(PluginId folder, String why) {
        return new Snapshot(byId, byName, unreadable.plus(folder.hex(), why), noted, shared);
    }

    /** With a folder that can be read. */
    Snapshot readable(PluginId folder) {
        return new Snapshot(byId, byName, unreadable.minus(folder.hex()), noted, shared);
    }

    private static String name(PluginView view) {
        return view.plugin().name().familiar();
    }

    Optional<PluginView> find(PluginId id) {
        return Optional.ofNullable(byId.get(id.hex())).map(Shown::view);
    }

    boolean hasName(PluginName name) {
        return byName.containsKey(name.familiar());
    }

    private Stream<Shown> all() {
        return byName.values().stream().mapMulti(List::forEach);
    }

    List<PluginView> list(PluginFilter filter) {
        return all().map(Shown::view).filter(view -> filter.test(view.plugin())).toList();
    }

    /** The enabled plugins that can do what is asked for, by name. */
    List<PluginView> serving(InterfaceType asked) {
        return shownServing(asked).map(Shown::view).toList();
    }

    /** The same with all that is on disk of them. */
    Stream<Shown> shownServing(InterfaceType asked) {
        return all().filter(shown -> shown.view().plugin().enabled()
                && shown.view().plugin().config().serving(asked).isPresent());
    }

    /** Names that several plugins have, each as a sentence that says what to do. */
    List<String> sharedNames() {
        return shared.values().stream().map(Snapshot::sharedName).toList();
    }

    private static String sharedName(List<Shown> alike) {
        return "several plugins are called " + name(alike.getFirst().view()) + ": "
                + alike.stream()
                        .map(shown -> shown.view().plugin().id().shortHex())
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
        // What a plugin is called names it: whoever writes that, as most do, needs no text to be understood.
        List<Shown> called = byName.get(withTag(nameOrId));
        if (called != null) {
            return only(nameOrId, called);
        }
        var name = PluginName.find(nameOrId);
        if (name.isEmpty()) {
            throw new PluginNotFoundException(nameOrId);
        }
        List<Shown> meant = byName.get(name.get().familiar());
        return meant != null ? only(nameOrId, meant) : beginningWith(nameOrId);
    }

    private static String withTag(String name) {
        return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":" + Reference.DEFAULT_TAG : name;
    }

    private PluginException notThere(String id) {
        String why = unreadable.get(id);
        return why == null
                ? new PluginNotFoundException(id)
                : new PluginStorageException("plugin " + id + " cannot be read: " + why, null);
    }

    private static Shown only(String nameOrId, List<Shown> called) {
        if (called.size() > 1) {
            throw new AmbiguousPluginException(nameOrId);
        }
        return called.getFirst();
    }

    /** The one whose id begins so. */
    private Shown beginningWith(String prefix) {
        var first = byId.ceilingEntry(prefix);
        if (first == null || !first.getKey().startsWith(prefix)) {
            throw new PluginNotFoundException(prefix);
        }
        String next = byId.higherKey(first.getKey());
        if (next != null && next.startsWith(prefix)) {
            throw new AmbiguousPluginException(prefix);
        }
        return first.getValue();
    }
}
