package dev.patchbay.engine;

import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.store.StagedPlugin;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Sinks;

/** What travels through the mailbox: a command in its envelope, or an errand of the engine itself. */
sealed interface Letter {
    /** A command whose asker waits. */
    record Ask(Command.Asked command, String requestId, Sinks.One<Outcome> reply) implements Letter {}

    /** News for a plugin. */
    record Report(Command.Reported command) implements Letter {}

    /**
     * Keeps a name for a plugin that is about to be staged.
     *
     * @param abandoned true once the asker is gone: its release may have overtaken this letter
     */
    record Reserve(PluginId plugin, PluginName name, BooleanSupplier abandoned, Sinks.One<Outcome> reply)
            implements
                Letter {}

    /** Turns a reservation into a plugin. From here on the owner is in charge of what was staged. */
    record Install(PluginId plugin, StagedPlugin staged, String requestId,
            Sinks.One<Outcome> reply) implements Letter {}

    /** Gives a reservation up, with what was staged for it. Means nothing once it is being installed. */
    record Release(PluginId plugin, Optional<StagedPlugin> staged) implements Letter {}

    /** The disk has taken, or refused, a plugin's record. */
    record Stored(PluginId plugin, Optional<String> failure) implements Letter {}

    /** The disk has taken, or refused, a new plugin. */
    record Installed(PluginId plugin, Optional<String> failure) implements Letter {}

    /** A plugin's runtime record was written, or could not be. */
    record RuntimeSaved(PluginId plugin) implements Letter {}

    /** Blobs may be left that nobody refers to. */
    record GarbageLeft() implements Letter {}

    /** Ends the engine: nothing is asked of it any more. */
    record Close(Sinks.Empty<Void> reply) implements Letter {}
}
