package dev.patchbay.engine;

import dev.patchbay.event.Actor;
import dev.patchbay.event.EventType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.Loaded;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Sinks;

/** What travels through the mailbox: a command in its envelope, or an errand of the engine itself. */
sealed interface Letter {
    /** A command whose asker waits. */
    record Ask(Command.Asked command, String requestId, Reply reply) implements Letter {
        /** The same, whose asker has been answered: nobody hears of what comes. */
        Ask answered() {
            return new Ask(command, requestId, Reply.unheard());
        }
    }

    /** News for a plugin. */
    record Report(Command.Reported command) implements Letter {}

    /** Keeps what an attempt claims. Means nothing if the attempt is over: its release may have overtaken this letter. */
    record Reserve(Ticket ticket, Reply reply) implements Letter {}

    /**
     * Makes of a reservation what it was for, or discards what was staged if it was given up. From here on the owner is
     * in charge of that.
     */
    record Install(Ticket ticket, Delivery delivery, String requestId,
            Reply reply) implements Letter {
        /** The same, whose asker has been answered: nobody hears of what comes. */
        Install answered() {
            return new Install(ticket, delivery, requestId, Reply.unheard());
        }
    }

    /** Gives a reservation up. Means nothing once it is being installed. */
    record Release(Ticket ticket) implements Letter {}

    /** The executor has something of a container from an earlier process; of a plugin that there is, or of nobody. */
    record LeftOver(PluginId plugin) implements Letter {}

    /** The executor has a log; of a plugin that there is, or of nobody. */
    record LogLeft(PluginId plugin) implements Letter {}

    /** The disk has taken, or refused, a plugin's record. */
    record Stored(PluginId plugin, Optional<String> failure) implements Letter {}

    /**
     * The disk has not answered for so long that those who wait should know; it still may. May come just after the
     * answer.
     */
    record Overdue(PluginId plugin) implements Letter {}

    /** The disk has taken, or refused, a new plugin. */
    record Installed(PluginId plugin, Optional<String> failure) implements Letter {}

    /** What was staged is gone, or as good as. */
    record Discarded() implements Letter {}

    /** A plugin's runtime record was written, or could not be. */
    record RuntimeSaved(PluginId plugin) implements Letter {}

    /** Blobs may be left that nobody refers to. */
    record GarbageLeft() implements Letter {}

    /** Somebody wants garbage collected now, or looked for. */
    record CollectGarbage(boolean dryRun, Sinks.One<GarbageReport> reply) implements Letter {}

    /**
     * Something that is no change of a plugin's state, but worth an event.
     *
     * @param name of the plugin; empty for the engine
     * @param reply given when the event can be read
     */
    record Noted(EventType type, Optional<PluginId> plugin, String name, Actor actor,
            Map<String, String> attributes,
            Reply reply) implements Letter {
        public Noted {
            attributes = Map.copyOf(attributes);
        }

        /** Something that the engine did. */
        static Noted ofEngine(EventType type, Map<String, String> attributes) {
            return ofEngine(type, attributes, Reply.unheard());
        }

        /** The same, with somebody who waits. */
        static Noted ofEngine(EventType type, Map<String, String> attributes, Reply reply) {
            return new Noted(type, Optional.empty(), "", Actor.ENGINE, attributes, reply);
        }
    }

    /** Something of earlier processes may be left in the executor. */
    record FindLeftOvers() implements Letter {}

    /** A folder that no plugin could be read from was read again; empty if it is gone. */
    record ReadAgain(PluginId plugin, Optional<Loaded> found) implements Letter {}

    /** Such a folder could not be read again, for this reason. */
    record NotReadAgain(PluginId plugin, String reason) implements Letter {}

    /** Such a folder is being read for so long that nobody should wait for it. May come just after the answer. */
    record ReadingOverdue(PluginId plugin) implements Letter {}

    /**
     * Ends the engine: nothing is asked of it any more. Answered when all is at rest, with the names of those plugins that
     * run all the same.
     */
    record Close(Sinks.One<List<String>> reply) implements Letter {}
}
