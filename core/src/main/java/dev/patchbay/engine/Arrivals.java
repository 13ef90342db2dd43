package dev.patchbay.engine;

import dev.patchbay.PluginPresence;
import dev.patchbay.PluginPresence.Arrived;
import dev.patchbay.PluginPresence.Departed;
import dev.patchbay.PluginView;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one listener knows of who is present. An event only says that it is time to compare that with the snapshot, which
 * shows what the event tells before anybody hears of it. So nothing is lost, whatever events are: a listener that is slow
 * hears of each plugin what changed between two comparisons, and nobody waits for it. Confined to one subscription.
 */
final class Arrivals {
    private final InterfaceType asked;
    private Map<PluginId, PluginView> known = new LinkedHashMap<>();

    Arrivals(InterfaceType asked) {
        this.asked = asked;
    }

    /** What has changed since the last time, those that left first. */
    List<PluginPresence> compare(Snapshot now) {
        Map<PluginId, PluginView> present = new LinkedHashMap<>();
        now.serving(asked).forEach(view -> present.put(view.plugin().id(), view));
        List<PluginPresence> changes = new ArrayList<>();
        known.forEach((id, view) -> {
            if (!present.containsKey(id)) {
                changes.add(new Departed(now.find(id).orElse(view)));
            }
        });
        present.forEach((id, view) -> {
            if (!known.containsKey(id)) {
                changes.add(new Arrived(view));
            }
        });
        known = present;
        return changes;
    }
}
