package dev.patchbay.engine;

import dev.patchbay.PluginUse;
import dev.patchbay.plugin.InterfaceType;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What look-ups have found in the newest snapshot: whoever calls a plugin looks it up each time, and plugins change seldom. What
 * was found in another snapshot is forgotten. For any thread.
 */
final class LookedUp {
    /** Hosts call a few plugins by a few names; one that calls more looks the others up anew. */
    private static final int MOST = 256;

    private volatile Found newest = new Found(Snapshot.EMPTY, new ConcurrentHashMap<>());

    private record Key(String nameOrId, InterfaceType asked) {}

    private record Found(Snapshot in, ConcurrentMap<Key, PluginUse> uses) {}

    /** What was found in it; null if nothing was, or not yet. */
    @SuppressWarnings("ReferenceEquality") // the same snapshot, or it is looked into
    @Nullable
    PluginUse find(Snapshot now, String nameOrId, InterfaceType asked) {
        Found last = newest;
        return last.in() == now ? last.uses().get(new Key(nameOrId, asked)) : null;
    }

    @SuppressWarnings("ReferenceEquality") // as above
    void keep(Snapshot now, String nameOrId, InterfaceType asked, PluginUse use) {
        Found last = newest;
        if (last.in() != now) {
            last = new Found(now, new ConcurrentHashMap<>());
            newest = last; // another thread may have done the same, or be ahead: then one of us looks again
        }
        if (last.uses().size() < MOST) {
            last.uses().put(new Key(nameOrId, asked), use);
        }
    }
}
