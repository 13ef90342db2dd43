package dev.patchbay.engine;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.StagedPlugin;
import java.time.Duration;
import reactor.core.publisher.Sinks;

/**
 * What the state thread orders from the outside world. Every method returns at once; outcomes come back through the
 * mailbox, also for orders that fail.
 */
interface Effects {
    /** Answered by commands of that plugin. */
    void run(Effect effect);

    /** One write for all facts of a decision, of which this is the last durable one. Answered by {@link Letter.Stored}. */
    default void store(Fact.Durable last, Life life) {
        PluginRecord record = life.record();
        switch (last) {
            case Fact.Removed(PluginId plugin, _) -> remove(plugin);
            case Fact.Upgraded upgraded -> upgrade(upgraded.staged(), record);
            case Fact.RolledBack _ -> rollBack(record);
            case Fact.Enabled _ -> enable(record);
            case Fact.SwitchedOff _ -> switchOff(record);
            case Fact.HeldDurably _,Fact.ReleasedDurably _ -> saveHolders(life);
            case Fact.LimitsChanged _ -> saveLimits(life);
            case Fact.SettingsChanged _,Fact.ManifestRecorded _ -> save(record);
        }
    }

    /** Answered by {@link Command.Restore}: it is that plugin's turn to be restored. */
    void restore(PluginId plugin);

    /** Answered by {@link Letter.Stored}. */
    void save(PluginRecord record);

    /** The record of one that is wanted from now on, and that nobody holds yet. Answered by {@link Letter.Stored}. */
    void enable(PluginRecord record);

    /** The record of one that is wanted no more, and that nobody holds any more. Answered by {@link Letter.Stored}. */
    void switchOff(PluginRecord record);

    /** Those that are to outlive the engine. Answered by {@link Letter.Stored}. */
    void saveHolders(Life life);

    /** Answered by {@link Letter.Stored}. */
    void saveLimits(Life life);

    /** Answered by {@link Letter.Stored}. */
    void remove(PluginId plugin);

    /** Answered by {@link Letter.Stored}. */
    void upgrade(StagedPlugin staged, PluginRecord record);

    /** Answered by {@link Letter.Stored}. */
    void rollBack(PluginRecord record);

    /** Answered by {@link Letter.RuntimeSaved}, whatever the disk says: a runtime record may be lost. */
    void saveRuntime(Life life);

    /** Answered by {@link Letter.Installed}. */
    void install(StagedPlugin staged, PluginRecord record);

    /** Answered by {@link Letter.Discarded}. */
    void discard(StagedPlugin staged);

    /**
     * Reads a folder again that no plugin could be read from, after a pause. Answered by {@link Letter.ReadAgain} or
     * {@link Letter.NotReadAgain}, and before that by {@link Letter.ReadingOverdue} if it takes long.
     */
    void readAgain(PluginId plugin, Duration pause);

    /** Answered by {@link Letter.LeftOver} and {@link Letter.LogLeft} for each plugin that the executor has something of. */
    void findLeftOvers();

    /** Removes a container that belongs to no plugin. Not answered. */
    void sweep(PluginId plugin);

    /** Removes what {@link #sweep} does, and the log. Not answered. */
    void forget(PluginId plugin);

    /** Not answered. Soon, and once for many orders. */
    void collectGarbage();

    /** Answers the reply itself. Now, but after what is asked already. */
    void collectGarbage(boolean dryRun, Sinks.One<GarbageReport> reply);
}
