package dev.patchbay.engine;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginPresence.Arrived;
import dev.patchbay.PluginPresence.Departed;
import dev.patchbay.PluginView;
import dev.patchbay.Provider;
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
    private Map<String, Provider> known = new LinkedHashMap<>();

    /**
     * What has changed since the last time, those that left first.
     *
     * @param now who is present
     * @param latest where those are found that are not any more
     */
    List<PluginPresence> compare(List<Provider> now, Snapshot latest) {
        Map<String, Provider> present = new LinkedHashMap<>();
        now.forEach(provider -> present.put(key(provider), provider));
        List<PluginPresence> changes = new ArrayList<>();
        known.forEach((id, view) -> {
            if (!present.containsKey(id)) {
                changes.add(new Departed(latest(view, latest)));
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

    private static String key(Provider provider) {
        return switch (provider) {
            case PluginView view -> view.plugin().id().hex();
            case LegacyPlugin legacy -> "legacy " + legacy.name();
        };
    }

    private static Provider latest(Provider known, Snapshot latest) {
        return switch (known) {
            case PluginView view -> latest.find(view.plugin().id()).orElse(view);
            case LegacyPlugin legacy -> legacy;
        };
    }
}
