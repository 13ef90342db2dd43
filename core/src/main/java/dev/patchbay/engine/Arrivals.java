package dev.patchbay.engine;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginPresence.Arrived;
import dev.patchbay.PluginPresence.Departed;
import dev.patchbay.PluginView;
import dev.patchbay.Provider;
import dev.patchbay.engine.Snapshot.Shown;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one listener knows of who is present. An event only says that it is time to compare that with the snapshot, which
 * shows what the event tells before anybody hears of it. So nothing is lost, whatever events are: a listener that is slow
 * hears of each plugin what changed between two comparisons, and nobody waits for it. One that is another version than
 * before has left and come. Confined to one subscription.
 */
final class Arrivals {
    private final InterfaceType asked;
    private Map<String, Present> known = new LinkedHashMap<>();

    Arrivals(InterfaceType asked) {
        this.asked = asked;
    }

    /** Somebody who is present; of the engine's own plugins, in which version. */
    private record Present(Provider provider, Optional<Version> version) {
        static Present of(Shown shown) {
            return new Present(shown.view(), Optional.of(Version.of(shown)));
        }

        /** Whether it is still what it was: it may have been switched off, exchanged and switched on since. */
        boolean isSame(@Nullable Present other) {
            return other != null && version.equals(other.version());
        }
    }

    /**
     * What has changed since the last time, those that left first.
     *
     * @param legacy those that nobody manages
     */
    List<PluginPresence> compare(Snapshot now, List<LegacyPlugin> legacy) {
        Map<String, Present> present = new LinkedHashMap<>();
        now.shownServing(asked).forEach(shown -> present.put(key(shown.view()), Present.of(shown)));
        legacy.forEach(plugin -> present.put(key(plugin), new Present(plugin, Optional.empty())));
        List<PluginPresence> changes = new ArrayList<>();
        known.forEach((key, was) -> {
            if (!was.isSame(present.get(key))) {
                // What has left is what it was: another one may be there by now.
                changes.add(new Departed(
                        present.containsKey(key) ? was.provider() : latest(was.provider(), now)));
            }
        });
        present.forEach((key, is) -> {
            if (!is.isSame(known.get(key))) {
                changes.add(new Arrived(is.provider()));
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

    /** What a plugin is made of, whatever its user has set and whoever uses it. A manifest may be made again. */
    private record Version(PluginConfig plugin, Optional<Digest> config, Slice<Digest> layers) {
        static Version of(Shown shown) {
            return new Version(shown.view().plugin().config(), shown.record().config(),
                    shown.record().blobsums());
        }
    }

    /**
     * Whether who is present may be another one after this. Each listener walks through all plugins then, on the thread that
     * all callers share; a plugin that crashes and is started again is no reason to.
     */
    static boolean mayChange(EventSignal signal) {
        return switch (signal) {
            case EventSignal.Happened(PluginEvent event, _) -> mayChange(event.type());
            case EventSignal.Subscribed _,EventSignal.Gap _ -> true;
            case EventSignal.Passed _ -> false;
        };
    }

    private static boolean mayChange(EventType type) {
        return switch (type) {
            case ENABLE, DISABLE, STOP, STOP_FAILED, REMOVE, UPGRADE, ROLLBACK, START_FAILED, RESTORED, START,
                    RECOVER, RESTORE_FAILED ->
                true; // one that was damaged, and is read again, is first heard of when it is restored
            case PULL, PUSH, CREATE, SET, EXIT, CRASH, BACKOFF, STABLE, PRIVILEGE_REFUSED, COLLECT,
                    AUTHZ_BYPASSED, VOLUME_CREATE, VOLUME_MOUNT, VOLUME_UNMOUNT, VOLUME_DESTROY, VOLUME_PRUNE,
                    ENGINE_STARTED, ENGINE_STOPPING ->
                false;
        };
    }
}
