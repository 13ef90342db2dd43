package dev.patchbay.engine;

import dev.patchbay.PluginView;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.limits.PluginLimits;
import java.time.Instant;
import java.util.Optional;

/** Shows a plugin's state to users. */
final class Views {
    private Views() {}

    /** For whom its limits do not matter. */
    static PluginView of(PluginState state) {
        return of(state, PluginLimits.NONE);
    }

    static PluginView of(PluginState state, PluginLimits engine) {
        Life life = state.life();
        return new PluginView(life.record().plugin(), new Status(
                shown(state),
                life.since(),
                life.generation(),
                life.restarts(),
                life.lastExit(),
                life.lastErrorLines(),
                life.reason(),
                nextTry(state)),
                life.previous().map(previous -> previous.plugin().reference()),
                life.holders(),
                life.limits(),
                life.limits().over(engine));
    }

    private static State shown(PluginState state) {
        return switch (state) {
            case PluginState.Restoring _ -> State.RESTORING;
            case PluginState.Stopped _ -> State.STOPPED;
            case PluginState.Starting _ -> State.STARTING;
            case PluginState.Running _ -> State.RUNNING;
            case PluginState.Ending(_, Next next, _, _) -> ending(next);
            case PluginState.BackingOff _ -> State.BACKING_OFF;
            case PluginState.Stuck _ -> State.STUCK;
            case PluginState.Removing _ -> State.STOPPING;
            case PluginState.Left(PluginState was) -> shown(was);
        };
    }

    private static State ending(Next next) {
        return switch (next) {
            case RETRY -> State.BACKING_OFF;
            case RENEW -> State.RESTORING;
            case REST, REMOVE, HALT -> State.STOPPING;
        };
    }

    private static Optional<Instant> nextTry(PluginState state) {
        return switch (state) {
            case PluginState.BackingOff(_, Instant nextTry) -> Optional.of(nextTry);
            case PluginState.Restoring restoring -> restoring.nextTry();
            case PluginState.Stopped _,PluginState.Starting _,PluginState.Running _,PluginState.Ending _,PluginState.Stuck _,PluginState.Removing _ ->
                Optional.empty();
            case PluginState.Left(PluginState was) -> nextTry(was);
        };
    }
}
