package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;

import dev.patchbay.Force;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.engine.Command.OfUse;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.use.Holder;
import java.util.Optional;

/**
 * What commands about the use of a plugin mean, in every state, and what its use stands against. Whoever holds it holds it
 * over crashes and restarts, until it is let go, or cut off by force; one that is not wanted is held by nobody.
 */
final class UseRules {
    /** How many may hold one plugin: far more than is sensible, so that who forgets to let go is found. */
    static final int MOST_HOLDERS = Plugins.MOST_HOLDERS;

    private UseRules() {}

    static Decision decide(PluginState state, OfUse command) {
        Life life = state.life();
        return switch (command) {
            case Command.Acquire c -> acquire(state, c);
            case Command.Release c -> release(state, c.holder());
            case Command.LetGo c -> life.holders()
                    .find(c.holder())
                    .<Decision>map(holder -> release(life, holder))
                    .orElse(IGNORED);
        };
    }

    /** Asked again, or after it was cut off, it is as it should be (D32). */
    private static Decision release(PluginState state, String id) {
        Life life = state.life();
        return switch (state) {
            case PluginState.Left _ -> refuse(new Refusal.Closing());
            case PluginState.Removing _ -> accept().answering();
            case PluginState.Restoring _,PluginState.Stopped _,PluginState.Starting _,PluginState.Running _,PluginState.Ending _,PluginState.BackingOff _,PluginState.Stuck _ ->
                life.wanted() ? released(life, id).answering() : accept().answering();
        };
    }

    private static Decision.Accepted released(Life life, String id) {
        return life.holders()
                .find(id)
                .map(holder -> release(life, holder))
                // Written for the same reason as a hold that there is.
                .orElseGet(() -> accept(new Fact.ReleasedDurably(life.id(), id)));
    }

    /** Why a command is refused that nobody may give, without force, about a plugin that somebody uses. */
    static Optional<Refusal> against(PluginState state, Command command) {
        Life life = state.life();
        return !life.holders().isEmpty() && spares(command) && !isGivenUp(state)
                ? Optional.of(new Refusal.InUse(life.name(), life.holders()))
                : Optional.empty();
    }

    private static boolean spares(Command command) {
        return switch (command) {
            case Command.Disable(_, Force force) -> force == Force.NO;
            case Command.Remove(_, Force force) -> force == Force.NO;
            case Command.Upgrade _,Command.RollBack _ -> true;
            case Command.Asked _,Command.Reported _ -> false;
        };
    }

    /** Its removal is under way, or the end of the engine. */
    private static boolean isGivenUp(PluginState state) {
        return switch (state) {
            case PluginState.Ending ending -> ending.next() == Next.REMOVE;
            case PluginState.Left _,PluginState.Removing _ -> true;
            case PluginState.Restoring _,PluginState.Stopped _,PluginState.Starting _,PluginState.Running _,PluginState.BackingOff _,PluginState.Stuck _ ->
                false;
        };
    }

    private static Decision acquire(PluginState state, Command.Acquire command) {
        Life life = state.life();
        return switch (state) {
            case PluginState.Left _ -> refuse(new Refusal.Closing());
            case PluginState.Removing _ -> refuse(new Refusal.NotFound(life.name()));
            case PluginState.Running _,PluginState.Restoring _,PluginState.Stopped _,PluginState.Starting _,PluginState.Ending _,PluginState.BackingOff _,PluginState.Stuck _ ->
                obstacle(Views.of(state), command.capability()).<Decision>map(Decision::refuse)
                        .orElseGet(() -> acquire(life, command));
        };
    }

    /** Why a plugin cannot be talked to about something. */
    static Optional<Refusal> obstacle(PluginView view, InterfaceType asked) {
        if (view.status().state() == State.RUNNING && !view.plugin().config().api().socket().isEmpty()
                && view.plugin().config().serving(asked).isPresent()) {
            return Optional.empty();
        }
        String name = view.plugin().name().familiar();
        if (view.status().state() != State.RUNNING) {
            return Optional.of(view.plugin().enabled() ? notNow(name, view.status()) : disabled(name));
        }
        return Optional.of(new Refusal.Conflict(name, Kind.LACKS_CAPABILITY,
                view.plugin().config().api().socket().isEmpty()
                        ? "plugin " + name + " has no socket: nobody can talk to it"
                        : "plugin " + name + " does not provide \"" + asked.asked() + "\" capability"));
    }

    private static Decision acquire(Life life, Command.Acquire command) {
        Holder holder = command.holder();
        Optional<Holder> known = life.holders().find(holder.id());
        if (known.isPresent()) {
            return known.get().equals(holder)
                    ? hold(life, holder)
                    : refuse(new Refusal.Conflict(life.name(), Kind.EXISTS, "plugin " + life.name()
                            + " is held by \"" + holder.id() + "\" already, as another holder: \""
                            + known.get().label() + "\""));
        }
        if (life.holders().size() >= MOST_HOLDERS) {
            return refuse(new Refusal.Unavailable(life.name(), "plugin " + life.name()
                    + " has too many users: " + MOST_HOLDERS + " hold it"));
        }
        return hold(life, holder);
    }

    /** Written also if it is known: an attempt that the disk refused may come again until another one is written. */
    private static Decision hold(Life life, Holder holder) {
        return accept(holder.durable()
                ? new Fact.HeldDurably(life.id(), holder)
                : new Fact.Held(life.id(), holder)).answering();
    }

    private static Decision.Accepted release(Life life, Holder holder) {
        return accept(holder.durable()
                ? new Fact.ReleasedDurably(life.id(), holder.id())
                : new Fact.Released(life.id(), holder.id()));
    }

    /** In moby's words ({@code plugin/store.go}). */
    private static Refusal disabled(String name) {
        return new Refusal.Conflict(name, Kind.DISABLED, "plugin " + name + " found but disabled");
    }

    private static Refusal notNow(String name, Status status) {
        return new Refusal.Unavailable(name, "plugin " + name + " is enabled, but does not run now"
                + status.reason().map(why -> ": " + why).orElse("; try again later"));
    }
}
