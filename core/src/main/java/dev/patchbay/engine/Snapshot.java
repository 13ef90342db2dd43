package dev.patchbay.engine;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginView;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * All plugins at one moment. Immutable; a changed plugin makes a new snapshot that shares all but a path of two search
 * trees with the old, so that publishing does not grow with the number of plugins.
 *
 * @param byId by the digits of the id
 * @param byName by the familiar name
 */
record Snapshot(TreePMap<String, Shown> byId, TreePMap<String, Shown> byName) {
    /** A plugin as users see it, and all that is on disk of it. */
    record Shown(PluginView view, PluginRecord record) {}

    static final Snapshot EMPTY = new Snapshot(TreePMap.empty(), TreePMap.empty());

    Snapshot with(PluginView view, PluginRecord record) {
        var shown = new Shown(view, record);
        return new Snapshot(
                byId.plus(view.plugin().id().hex(), shown),
                byName.plus(view.plugin().name().familiar(), shown));
    }

    Snapshot without(PluginView view) {
        return new Snapshot(byId.minus(view.plugin().id().hex()),
                byName.minus(view.plugin().name().familiar()));
    }

    Optional<PluginView> find(PluginId id) {
        return Optional.ofNullable(byId.get(id.hex())).map(Shown::view);
    }

    boolean hasName(PluginName name) {
        return byName.containsKey(name.familiar());
    }

    List<PluginView> list(PluginFilter filter) {
        return byName.values().stream().map(Shown::view).filter(view -> filter.test(view.plugin())).toList();
    }

    /**
     * The plugin that a text names, by moby's rules ({@code plugin/store.go}, {@code resolvePluginID}): a full id is an
     * id and nothing else; a text that is no reference, or has a digest, names nothing; a name wins over an id prefix.
     */
    PluginView named(String nameOrId) {
        return shown(nameOrId).view();
    }

    /** All that is on disk of the plugin that a text names, as {@link #named}. */
    PluginRecord record(String nameOrId) {
        return shown(nameOrId).record();
    }

    private Shown shown(String nameOrId) {
        var id = PluginId.parse(nameOrId);
        if (id.isPresent()) {
            return Optional.ofNullable(byId.get(id.get().hex()))
                    .orElseThrow(() -> new PluginNotFoundException(nameOrId));
        }
        var name = PluginName.find(nameOrId);
        if (name.isEmpty()) {
            throw new PluginNotFoundException(nameOrId);
        }
        var shown = byName.get(name.get().familiar());
        return shown != null ? shown : byPrefix(nameOrId);
    }

    private Shown byPrefix(String prefix) {
        var first = byId.ceilingEntry(prefix);
        if (first == null || !first.getKey().startsWith(prefix)) {
            throw new PluginNotFoundException(prefix);
        }
        var second = byId.higherKey(first.getKey());
        if (second != null && second.startsWith(prefix)) {
            throw new AmbiguousPluginException(prefix);
        }
        return first.getValue();
    }
}
