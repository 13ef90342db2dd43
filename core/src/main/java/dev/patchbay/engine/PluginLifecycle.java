package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;

import dev.patchbay.Force;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Command.ChangeSettings;
import dev.patchbay.engine.Decision.Accepted;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Effect.Purge;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.Fact.Removed;
import dev.patchbay.engine.Fact.StopRequested;
import dev.patchbay.engine.Fact.SwitchedOff;
import dev.patchbay.engine.PluginState.BackingOff;
import dev.patchbay.engine.PluginState.Ending;
import dev.patchbay.engine.PluginState.Left;
import dev.patchbay.engine.PluginState.Removing;
import dev.patchbay.engine.PluginState.Restoring;
import dev.patchbay.engine.PluginState.Running;
import dev.patchbay.engine.PluginState.Starting;
import dev.patchbay.engine.PluginState.Stopped;
import dev.patchbay.engine.PluginState.Stuck;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.plugin.InvalidSettingException;
import dev.patchbay.use.Holders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a plugin's life: what a command means in a state. Pure; one rule class per state, one row per command.
 * What the rules of several states share stands here.
 */
final class PluginLifecycle {
    /** How long a restarted plugin may take to accept connections: what an enable without a limit of its own gets. */
    static final Duration RESTART_TIMEOUT = Duration.ofSeconds(30);

    private PluginLifecycle() {}

    static Decision decide(PluginState state, Command command) {
        return UseRules.against(state, command)
                .<Decision>map(Decision::refuse)
                .orElseGet(() -> byState(state, command));
    }

    private static Decision byState(PluginState state, Command command) {
        return switch (state) {
            case Restoring restoring -> RestoringRules.decide(restoring, command);
            case Stopped stopped -> StoppedRules.decide(stopped, command);
            case Starting starting -> StartingRules.decide(starting, command);
            case Running running -> RunningRules.decide(running, command);
            case Ending ending -> EndingRules.decide(ending, command);
            case BackingOff backingOff -> BackingOffRules.decide(backingOff, command);
            case Stuck stuck -> StuckRules.decide(stuck, command);
            case Removing removing -> RemovingRules.decide(removing, command);
            case Left left -> LeftRules.decide(left, command);
        };
    }

    /** How a plugin is started that is not wanted. */
    static Decision change(Life life, Command.OfSetup command) {
        return switch (command) {
            case ChangeSettings c -> changeSettings(life, c);
            // Written also if nothing changes: what an earlier attempt left on the disk may be something else.
            case Command.ChangeLimits c -> accept(new Fact.LimitsChanged(life.id(), c.limits())).answering();
        };
    }

    private static Decision changeSettings(Life life, ChangeSettings command) {
        var plugin = life.record().plugin();
        try {
            var changed = plugin.settings().apply(plugin.config(), command.assignments());
            return accept(new Fact.SettingsChanged(life.id(), changed)).answering();
        } catch (InvalidSettingException e) {
            return refuse(new Refusal.Invalid(String.valueOf(e.getMessage())));
        }
    }

    /** Stops a container; whoever asked hears of it when it is gone. */
    static Accepted stop(Life life, Next next) {
        return stop(life, next, new StopContainer(life.id(), life.generation()));
    }

    static Accepted stop(Life life, Next next, Effect stopping) {
        List<Fact> facts = new ArrayList<>();
        // A removal is one step on the disk, and needs no room: until it is done the plugin stays what it was.
        if (life.wanted() && next != Next.HALT && next != Next.REMOVE) {
            facts.add(new SwitchedOff(life.id()));
        }
        // Who holds it is cut off as soon as it is not wanted; a removal may yet leave it what it was.
        Holders cutOff = next == Next.REST ? life.holders() : Holders.NONE;
        facts.add(new StopRequested(life.id(), life.generation(), next, cutOff));
        var accepted = new Accepted(facts, List.of(stopping), Decision.Asker.NONE, Optional.empty());
        return next == Next.HALT ? accepted : accepted.parking();
    }

    /** The news comes too late to mean anything; but numbers of starts are never used twice. */
    static Decision seen(Life life, TakeOver what) {
        int generation = RestoringRules.generation(what);
        return generation > life.generation()
                ? accept(new Fact.GenerationSeen(life.id(), generation))
                : Decision.IGNORED;
    }

    /** Nothing happens to it for closing. */
    static Accepted leave(Life life) {
        return accept(new Fact.LeftAlone(life.id(), life.generation()));
    }

    /** Removes a plugin that has no container. */
    static Accepted remove(Life life) {
        return accept(new Removed(life.id(), life.holders())).doing(new Purge(life.id())).parking();
    }

    /** Removal of an enabled plugin, which needs force. */
    static Decision removeEnabled(Life life, Force force, Accepted forced) {
        return switch (force) {
            case YES -> forced;
            case NO -> refuse(new Refusal.Conflict(life.name(), Kind.ENABLED,
                    "plugin " + life.name() + " is enabled"));
        };
    }

    static Decision alreadyEnabled(Life life) {
        return refuse(new Refusal.Conflict(life.name(), Kind.ENABLED,
                "plugin already enabled: plugin " + life.name() + " is enabled"));
    }

    static Decision alreadyDisabled(Life life) {
        return refuse(new Refusal.Conflict(life.name(), Kind.DISABLED,
                "plugin is already disabled: plugin " + life.name() + " found but disabled"));
    }

    /** Why it cannot be set up otherwise: what it runs with is what can be seen of it. */
    static Decision active(Life life, Command.OfSetup command) {
        return refuse(new Refusal.Conflict(life.name(), Kind.ENABLED, switch (command) {
            case ChangeSettings _ -> "cannot set on an active plugin, disable plugin before setting";
            case Command.ChangeLimits _ ->
                "the limits of an active plugin cannot be changed, disable plugin " + life.name() + " first";
        }));
    }

    static Outcome failed(Refusal why) {
        return new Outcome.Failed(why);
    }

    /** What an asker hears whose start somebody else ended. */
    static Outcome interrupted(Life life) {
        return failed(new Refusal.Conflict(life.name(), Kind.INTERRUPTED,
                "plugin " + life.name() + " was stopped by another request while it was starting"));
    }
}
