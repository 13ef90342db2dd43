package dev.patchbay.engine;

import dev.patchbay.Force;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Digest;
import dev.patchbay.use.Holder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asked of one plugin, or reported about it. */
sealed interface Command {
    PluginId plugin();

    /** Somebody waits for the outcome. Counts against the mailbox. */
    sealed interface Asked extends Command {}

    /** News from an effect, a timer or the engine itself. Never refused; late news is ignored by generation. */
    sealed interface Reported extends Command {}

    /** About how the plugin is started: alike in all states, and refused where it is enabled. */
    sealed interface OfSetup extends Asked {}

    record ChangeSettings(PluginId plugin, List<String> assignments) implements OfSetup {
        /** Without the values, which may be secret: commands are logged. */
        @Override
        public String toString() {
            return "ChangeSettings[plugin=" + plugin + ", assignments=" + assignments.size() + "]";
        }
    }

    /** Gives it other limits, instead of all that it was given before. */
    record ChangeLimits(PluginId plugin, LimitOverrides limits) implements OfSetup {}

    record Enable(PluginId plugin, Duration startTimeout) implements Asked {}

    record Disable(PluginId plugin, Force force) implements Asked {}

    record Remove(PluginId plugin, Force force) implements Asked {}

    /** About the plugin's content rather than its container: alike in most states, see {@code VersionRules}. */
    sealed interface OfVersion extends Command {}

    /** Makes what is staged the plugin's next version. Whoever answers with a failure discards what is staged. */
    record Upgrade(PluginId plugin, Delivery delivery) implements Asked, OfVersion {}

    /** Exchanges the plugin and its previous version. */
    record RollBack(PluginId plugin) implements Asked, OfVersion {}

    /** The store has a manifest for the version with this configuration, instead of one that was lost. */
    record RecordManifest(PluginId plugin, Digest config, Digest manifest) implements Asked, OfVersion {}

    /** The plugin was pushed. */
    record Published(PluginId plugin, String reference, Digest manifest) implements Reported, OfVersion {}

    /** About who uses the plugin: alike in most states, see {@code UseRules}. */
    sealed interface OfUse extends Command {}

    /** Holds the plugin for somebody, if it runs and can do what is asked. Once, however often it is asked. */
    record Acquire(PluginId plugin, InterfaceType capability, Holder holder) implements Asked, OfUse {}

    /** Whoever has this id does not hold it any more. */
    record Release(PluginId plugin, String holder) implements Asked, OfUse {}

    /** A use that nobody has to be told of any more is over. */
    record LetGo(PluginId plugin, String holder) implements Reported, OfUse {}

    /** The engine has just been opened: find out what is left of it. */
    record Restore(PluginId plugin) implements Reported {}

    /**
     * What is left of it since before the engine was opened. If that runs, it has been taken over.
     *
     * @param doubt why it could not be started now, so that nobody can say whether it runs as it would be started
     */
    record ContainerFound(PluginId plugin, TakeOver what, Optional<String> doubt) implements Reported {}

    /** It cannot be told what is left of it; the reason is a sentence. */
    record ContainerNotFound(PluginId plugin, String reason) implements Reported {}

    /** The executor has something of its containers since before the engine was opened. */
    record LeftOver(PluginId plugin) implements Reported {}

    /** The engine is closing: stop, but stay wanted. */
    record Halt(PluginId plugin) implements Reported {}

    /** The engine is closing: what runs runs on, what is only half started stops, and stays wanted. */
    record Leave(PluginId plugin) implements Reported {}

    record ContainerStarted(PluginId plugin, int generation) implements Reported {}

    record ContainerReady(PluginId plugin, int generation) implements Reported {}

    /** The container could not be started at all; the reason is a sentence. */
    record ContainerNotStarted(PluginId plugin, int generation, String reason) implements Reported {}

    record ContainerExited(PluginId plugin, int generation, ExitStatus exit, List<String> lastErrorLines)
            implements
                Reported {}

    /** Container, mounts, cgroup and exec directory of this generation are gone. */
    record ContainerStopped(PluginId plugin, int generation) implements Reported {}

    record ContainerNotStopped(PluginId plugin, int generation, String reason) implements Reported {}

    /** The files of a removed plugin are deleted, or are not, for this reason. */
    record Purged(PluginId plugin, Optional<String> problem) implements Reported {}

    record TimerFired(PluginId plugin, int generation, Timer timer) implements Reported {}

    /** The facts that this command led to could not be stored; it changed nothing. */
    record NotStored(PluginId plugin, Command attempted, String reason) implements Reported {}
}
