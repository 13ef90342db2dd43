package dev.patchbay.engine;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.RuntimeRecord;
import dev.patchbay.use.Holders;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there was on disk when the engine was opened. A plugin's folder that no plugin can be read from is not given up: it
 * may be a plugin that runs, so nothing that bears its id is swept, and it is read again with growing pauses until it can
 * be read. State thread only, but for the notices.
 */
final class FoundPlugins {
    private static final Logger LOG = LoggerFactory.getLogger(FoundPlugins.class);

    private static final String GONE = "its folder is gone; if that is meant, the next start of the engine removes what"
            + " is left of its container";

    private final Effects effects;
    private final Chronicle chronicle;
    private final FirstRound round;
    private final Clock clock;

    /** How often each folder that cannot be read was read in vain. */
    private final Map<PluginId, Integer> unreadable = new HashMap<>();
    private final List<String> notices = new CopyOnWriteArrayList<>();

    /** Those that were read again before anything was restored. */
    private final List<PluginId> early = new ArrayList<>();
    private boolean begun;

    FoundPlugins(Effects effects, Chronicle chronicle, FirstRound round, Clock clock) {
        this.effects = effects;
        this.chronicle = chronicle;
        this.round = round;
        this.clock = clock;
    }

    /** Takes what the store found at first. @return the plugin, if it is one */
    Optional<PluginState> take(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Intact intact -> Optional.of(plugin(intact));
            case Loaded.Damaged(PluginId id, _, String reason) -> {
                round.awaitFolder(id);
                putOff(id, 1, reason);
                yield Optional.empty();
            }
            case Loaded.Notice(_, String problem) -> {
                LOG.warn("{}", problem);
                notices.add(problem);
                yield Optional.empty();
            }
        };
    }

    /** Whatever was found at first is being restored now, and what is left of others may be removed. */
    void roundHasBegun() {
        begun = true;
        early.forEach(effects::restore);
        early.clear();
        effects.findLeftOvers();
    }

    /** A plugin was read again and is known: it is restored with the others, or now, if these are already. */
    void restore(PluginId id) {
        if (begun) {
            effects.restore(id);
            effects.findLeftOvers(); // what was kept for its sake, if it is not wanted
        } else {
            early.add(id);
        }
    }

    /** Whether nobody may touch what is left of this id. */
    boolean keeps(PluginId id) {
        return unreadable.containsKey(id);
    }

    /** What became of reading a folder again, which is gone if nothing was found. @return the plugin, if it is one */
    Optional<PluginState> readAgain(PluginId id, Optional<Loaded> found) {
        if (found.isEmpty()) {
            // Nor is that believed at once: a disk that does not work may say so of a folder that there is.
            notReadAgain(id, GONE);
            return Optional.empty();
        }
        return switch (found.get()) {
            case Loaded.Intact intact -> {
                LOG.info("the folder of plugin {} can be read now", id.shortHex());
                unreadable.remove(id);
                chronicle.readable(id);
                yield Optional.of(plugin(intact));
            }
            case Loaded.Damaged(_, _, String reason) -> {
                notReadAgain(id, reason);
                yield Optional.empty();
            }
            case Loaded.Notice(_, String problem) -> {
                notReadAgain(id, problem);
                yield Optional.empty();
            }
        };
    }

    /** It was read in vain once more. */
    void notReadAgain(PluginId id, String reason) {
        putOff(id, unreadable.getOrDefault(id, 0) + 1, reason);
        round.folderWasRead(id);
    }

    /** It is being read, and that takes long; nobody should wait for it. */
    void slow(PluginId id, String reason) {
        if (keeps(id)) {
            LOG.warn("plugin {}: {}", id.shortHex(), reason);
            chronicle.tellUnreadable(id, reason);
            round.folderWasRead(id);
        }
    }

    private void putOff(PluginId id, int attempts, String reason) {
        unreadable.put(id, attempts);
        if (chronicle.tellUnreadable(id, reason)) {
            LOG.warn("plugin {} cannot be read, and is left as it is: {}", id.shortHex(), reason);
        }
        effects.readAgain(id, Backoff.before(attempts, id, 0));
    }

    private PluginState plugin(Loaded.Intact found) {
        Optional<RuntimeRecord> runtime = found.runtime();
        Instant since = runtime.map(RuntimeRecord::changed).orElseGet(clock::instant);
        int generation = runtime.map(RuntimeRecord::generation).orElse(0);
        int restarts = runtime.map(RuntimeRecord::restarts).orElse(0);
        Life life = Life.found(found.record(), found.previous(), generation, since)
                .started(generation, restarts)
                .limitedBy(found.limits());
        life = life.wanted() ? life.heldBy(Holders.of(found.holders())) : life;
        return life.wanted() ? new PluginState.Restoring(life) : new PluginState.Stopped(life);
    }

    /** What an operator should look at beside the plugins. Any thread. */
    List<String> notices() {
        return notices;
    }
}
