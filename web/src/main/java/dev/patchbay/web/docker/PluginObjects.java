package dev.patchbay.web.docker;

import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.plugin.GoJson;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.use.Holders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plugin objects as the API shows them: Docker's, with our {@code Status} at the end, {@code InUseBy} if somebody
 * uses the plugin, and {@code Limits} if it has any.
 *
 * <p>What the latest full list showed is kept as bytes, since writing a thousand objects anew takes more time than the
 * rest of the request. A kept object is used while plugin, status, users and limits are still the same
 * values. Thread-safe.
 */
final class PluginObjects {
    private volatile Map<PluginId, Encoded> kept = Map.of(); // never changed, only replaced

    @SuppressWarnings("ArrayRecordComponent") // compared by "shows" alone
    private record Encoded(InstalledPlugin plugin, Status status, Holders inUseBy, PluginLimits limits,
            byte[] json) {
        @SuppressWarnings("ReferenceEquality") // equal but not identical ones are merely written again
        boolean shows(PluginView view) {
            return plugin == view.plugin() && status.equals(view.status()) && inUseBy.equals(view.inUseBy())
                    && limits.equals(view.limits());
        }
    }

    /** One plugin and a newline. */
    byte[] line(PluginView view) {
        return GoJson.PLAIN.writeLine(tree(view));
    }

    /** The plugins that passed a filter, in their order, and a newline. None are {@code []}, never {@code null}. */
    byte[] array(PluginFilter filter, List<PluginView> views) {
        Map<PluginId, Encoded> known = kept;
        var shown = new ArrayList<Encoded>(views.size());
        for (PluginView view : views) {
            Encoded before = known.get(view.plugin().id());
            shown.add(before != null && before.shows(view) ? before : encode(view));
        }
        if (filter.equals(PluginFilter.ALL)) {
            keep(shown);
        }
        return joined(shown);
    }

    private void keep(List<Encoded> shown) {
        var next = new HashMap<PluginId, Encoded>();
        shown.forEach(one -> next.put(one.plugin().id(), one));
        kept = Map.copyOf(next);
    }

    private static byte[] joined(List<Encoded> objects) {
        int commas = Math.max(objects.size() - 1, 0);
        int length = objects.stream().mapToInt(one -> one.json().length).sum();
        ByteBuffer text = ByteBuffer.allocate(length + commas + "[]\n".length()).put((byte) '[');
        for (Encoded one : objects) {
            if (text.position() > 1) {
                text.put((byte) ',');
            }
            text.put(one.json());
        }
        return text.put((byte) ']').put((byte) '\n').array();
    }

    private static Encoded encode(PluginView view) {
        return new Encoded(view.plugin(), view.status(), view.inUseBy(), view.limits(),
                GoJson.PLAIN.write(tree(view)));
    }

    private static ObjectNode tree(PluginView view) {
        ObjectNode tree = PluginJson.tree(view.plugin());
        tree.set("Status", StatusJson.tree(view.status()));
        if (!view.inUseBy().isEmpty()) {
            ArrayNode holders = tree.putArray("InUseBy");
            view.inUseBy()
                    .stream()
                    .forEach(holder -> holders.addObject()
                            .put("ID", holder.id())
                            .put("Label", holder.label())
                            .put("Durable", holder.durable()));
        }
        if (!view.limits().equals(PluginLimits.NONE)) {
            tree.set("Limits", limits(view.limits()));
        }
        return tree;
    }

    /** In the words of Docker's {@code HostConfig}; what is not limited is left out. */
    private static ObjectNode limits(PluginLimits limits) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        limits.memoryMaxBytes().ifPresent(bytes -> tree.put("Memory", bytes));
        limits.nanoCpus().ifPresent(nanos -> tree.put("NanoCpus", nanos));
        limits.pidsMax().ifPresent(count -> tree.put("PidsLimit", count));
        return tree.put("NoNewPrivileges", limits.noNewPrivileges())
                .put("ReadonlyRootfs", limits.readOnlyRootfs())
                .put("Seccomp", limits.seccomp().label());
    }
}
