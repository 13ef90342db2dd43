package dev.patchbay.engine;

import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginView;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
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
record Snapshot(TreePMap<String, PluginView> byId, TreePMap<String, PluginView> byName) {
    static final Snapshot EMPTY = new Snapshot(TreePMap.empty(), TreePMap.empty());

    Snapshot with(PluginView view) {
        return new Snapshot(
                byId.plus(view.plugin().id().hex(), view),
                byName.plus(view.plugin().name().familiar(), view));
    }

    Snapshot without(PluginView view) {
        return new Snapshot(byId.minus(view.plugin().id().hex()),
                byName.minus(view.plugin().name().familiar()));
    }

    Optional<PluginView> find(PluginId id) {
        return Optional.ofNullable(byId.get(id.hex()));
    }

    boolean hasName(PluginName name) {
        return byName.containsKey(name.familiar());
    }

    List<PluginView> list(PluginFilter filter) {
        return byName.values().stream().filter(view -> filter.test(view.plugin())).toList();
    }

    /**
     * The plugin that a text names, by moby's rules ({@code plugin/store.go}, {@code resolvePluginID}): a full id is an
     * id and nothing else; a text that is no reference, or has a digest, names nothing; a name wins over an id prefix.
     */
    PluginView named(String nameOrId) {
        var id = PluginId.parse(nameOrId);
        if (id.isPresent()) {
            return find(id.get()).orElseThrow(() -> new PluginNotFoundException(nameOrId));
        }
        var name = PluginName.find(nameOrId);
        if (name.isEmpty()) {
            throw new PluginNotFoundException(nameOrId);
        }
        var view = byName.get(name.get().familiar());
        return view != null ? view : byPrefix(nameOrId);
    }

    private PluginView byPrefix(String prefix) {
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
