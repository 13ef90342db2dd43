package dev.patchbay.engine;

import dev.patchbay.executor.ExitStatus;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.reference.Digest;
import dev.patchbay.store.StagedPlugin;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a plugin, in the past tense. Applied and told to subscribers only after those that are
 * {@link Durable} are on disk.
 */
sealed interface Fact {
    PluginId plugin();

    /** Changes what the user wants: on disk before anybody hears of it. */
    sealed interface Durable extends Fact {}

    record SettingsChanged(PluginId plugin, Settings settings) implements Durable {}

    /** It was given other limits than its engine's, for its next start. */
    record LimitsChanged(PluginId plugin, LimitOverrides limits) implements Durable {}

    /** A plugin that its user asked for runs; from now on it is wanted. */
    record Enabled(PluginId plugin, int generation) implements Durable {}

    /** From now on it is not wanted, and nobody holds it. It may still run. */
    record SwitchedOff(PluginId plugin) implements Durable {}

    /**
     * It is no longer installed. Its files are still to be purged.
     *
     * @param cutOff who held it until now
     */
    record Removed(PluginId plugin, Holders cutOff) implements Durable {
        Removed(PluginId plugin) {
            this(plugin, Holders.NONE);
        }
    }

    /**
     * It has a new version; the one before is kept.
     *
     * @param staged where the new version is until it is stored
     * @param record all of the new version
     * @param from the reference of the version before
     * @param dropped the names of settings that the new version does not have
     */
    record Upgraded(PluginId plugin, StagedPlugin staged, PluginRecord record, String from,
            List<String> dropped) implements Durable {
        public Upgraded {
            dropped = List.copyOf(dropped);
        }
    }

    /** It and its previous version were exchanged; {@code record} is all of the one that it has now. */
    record RolledBack(PluginId plugin, PluginRecord record, String from) implements Durable {}

    /** Its manifest, which was lost, was made again. */
    record ManifestRecorded(PluginId plugin, Digest manifest) implements Durable {}

    /** Changes who holds it. */
    sealed interface OfUse extends Fact {}

    /** Somebody who outlives the engine holds it. */
    record HeldDurably(PluginId plugin, Holder holder) implements Durable, OfUse {}

    /** Such a one holds it no more. */
    record ReleasedDurably(PluginId plugin, String holder) implements Durable, OfUse {}

    /** Somebody holds it for now. */
    record Held(PluginId plugin, Holder holder) implements OfUse {}

    /** Such a one holds it no more. */
    record Released(PluginId plugin, String holder) implements OfUse {}

    /** It was published. */
    record Pushed(PluginId plugin, String reference, Digest manifest) implements Fact {}

    record StartRequested(PluginId plugin, int generation, Cause cause,
            Duration startTimeout) implements Fact {}

    /**
     * A container that an earlier process started runs on, and is in this engine's care.
     *
     * @param doubt why it could not have been started now
     */
    record TakenOver(PluginId plugin, int generation, Duration startTimeout,
            Optional<String> doubt) implements Fact {}

    /** It could not be told what an earlier process left of it. */
    record RestoreFailed(PluginId plugin, int generation, int attempt, Duration delay, String reason)
            implements
                Fact {}

    /** It was started more often than was known. */
    record GenerationSeen(PluginId plugin, int generation) implements Fact {}

    /** The engine closes and leaves it as it is. */
    record LeftAlone(PluginId plugin, int generation) implements Fact {}

    /** A plugin that was wanted all along runs again. */
    record Recovered(PluginId plugin, int generation) implements Fact {}

    record StartFailed(PluginId plugin, int generation, Refusal why) implements Fact {}

    /** It ended against its user's wish. */
    record Crashed(PluginId plugin, int generation, ExitStatus exit,
            List<String> lastErrorLines) implements Fact {}

    /** Its process ended while it was being started or stopped. */
    record Exited(PluginId plugin, int generation, ExitStatus exit,
            List<String> lastErrorLines) implements Fact {}

    /**
     * It is being stopped.
     *
     * @param cutOff who held it until now
     */
    record StopRequested(PluginId plugin, int generation, Next next, Holders cutOff) implements Fact {
        StopRequested(PluginId plugin, int generation, Next next) {
            this(plugin, generation, next, Holders.NONE);
        }
    }

    /** A plugin that was switched off is stopped and cleaned up. */
    record Disabled(PluginId plugin, int generation) implements Fact {}

    /** A start that failed is cleaned up, or the engine stopped the plugin for closing. */
    record CameToRest(PluginId plugin, int generation) implements Fact {}

    record StopFailed(PluginId plugin, int generation, String reason) implements Fact {}

    record RestartScheduled(PluginId plugin, int generation, int attempt, Duration delay,
            Optional<String> reason)
            implements
                Fact {}

    /** It has run long enough to count as healthy. */
    record Stabilized(PluginId plugin, int generation) implements Fact {}

    /** Its files are gone too, or will be deleted at the next start of the engine. */
    record Forgotten(PluginId plugin) implements Fact {}

    /** Why a container is started. */
    enum Cause {
        /** Its user asked for it and waits. */
        ENABLE,
        /** It ended against its user's wish. */
        RESTART,
        /** The engine was opened, and nothing of it ran. */
        RESTORE,
        /** The engine was opened, and it ran already: only to be dialled. */
        TAKE_OVER
    }

    /** What follows when a container is stopped and cleaned up. */
    enum Next {
        /** Nothing: it is switched off, or never came up. */
        REST,
        /** Another start, after a pause. */
        RETRY,
        /** Another start, at once: it ran with another bundle than it would be started with now. */
        RENEW,
        /** Its removal. */
        REMOVE,
        /** Nothing for now: the engine closes. */
        HALT
    }
}
