package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.WAIT;
import static dev.patchbay.engine.Decision.accept;

import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Effect.Purge;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What commands mean for a plugin that is being stopped and cleaned up. Takes a bounded time: who comes, waits. */
final class EndingRules {
    private EndingRules() {}

    static Decision decide(Ending state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.OfVersion c -> VersionRules.decide(state, c);
            case Command.OfUse c -> UseRules.decide(state, c);
            case Command.OfSetup c -> staysWanted(state) ? PluginLifecycle.active(life, c) : WAIT;
            case Command.Enable _ -> staysWanted(state) ? PluginLifecycle.alreadyEnabled(life) : WAIT;
            case Command.Disable _,Command.Remove _ -> WAIT;
            // The other ways to end lead to rest by themselves.
            case Command.Halt _,Command.Leave _ -> mayLeadToAStart(state) ? halt(life) : IGNORED;
            case Command.ContainerFound c -> PluginLifecycle.seen(life, c.what());
            case Command.ContainerExited c when c.generation() == life.generation() ->
                accept(new Fact.Exited(life.id(), life.generation(), c.exit(), c.lastErrorLines()));
            case Command.ContainerStopped c when c.generation() == life.generation() -> stopped(state);
            case Command.ContainerNotStopped c when c.generation() == life.generation() ->
                notStopped(state, c.reason());
            case Command.NotStored(_, Command.ContainerStopped _, String reason) -> notRemoved(state, reason);
            case Command.NotStored _ -> IGNORED;
            // News of an earlier generation, or news that stopping has overtaken.
            case Command.ContainerExited _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.TimerFired _,Command.Restore _,Command.ContainerNotFound _,Command.LeftOver _,Command.Purged _ ->
                IGNORED;
        };
    }

    private static boolean staysWanted(Ending state) {
        return state.life().wanted() && state.next() != Next.REMOVE;
    }

    /** A removal that fails leaves the plugin as it was: wanted, if it was that. */
    private static boolean mayLeadToAStart(Ending state) {
        return switch (state.next()) {
            case RETRY, RENEW -> true;
            case REMOVE -> state.life().wanted();
            case REST, HALT -> false;
        };
    }

    /** Whoever waits for a removal hears that it is given up. */
    private static Decision halt(Life life) {
        return accept(new Fact.StopRequested(life.id(), life.generation(), Next.HALT))
                .releasing(PluginLifecycle.failed(new Refusal.Closing()));
    }

    private static Decision stopped(Ending state) {
        Life life = state.life();
        var rest = new Fact.CameToRest(life.id(), life.generation());
        var off = new Fact.Disabled(life.id(), life.generation());
        return switch (state.next()) {
            case HALT -> accept(rest);
            case RETRY -> retry(life, life.reason());
            case RENEW -> StoppedRules.start(life, Cause.RESTORE, PluginLifecycle.RESTART_TIMEOUT);
            case REST -> state.failure().isPresent()
                    ? accept(rest).releasing(PluginLifecycle.failed(state.failure().get()))
                    : accept(off).releasing(new Outcome.Done(state.cutOff()));
            case REMOVE ->
                accept(off, new Fact.Removed(life.id(), life.holders())).doing(new Purge(life.id()));
        };
    }

    private static Decision notStopped(Ending state, String reason) {
        Life life = state.life();
        var message = "plugin " + life.name() + " could not be stopped: " + reason;
        var stuck = new Fact.StopFailed(life.id(), life.generation(), message);
        var heard = PluginLifecycle.failed(new Refusal.NotStopped(life.name(), life.generation(), message));
        return switch (state.next()) {
            // The next start removes what is left first; until that succeeds it fails, and says so.
            case RETRY, RENEW -> retry(life, Optional.of(message));
            case HALT -> accept(stuck);
            case REMOVE -> life.wanted()
                    ? retry(life, Optional.of(message)).releasing(heard)
                    : accept(stuck).releasing(heard);
            case REST -> accept(stuck).releasing(heard);
        };
    }

    private static Decision.Accepted retry(Life life, Optional<String> reason) {
        int attempt = life.restarts() + 1;
        Duration delay = Backoff.before(attempt, life.id(), life.generation());
        var planned = new Fact.RestartScheduled(life.id(), life.generation(), attempt, delay, reason);
        if (delay.isZero()) {
            var start = StoppedRules.start(life, Cause.RESTART, PluginLifecycle.RESTART_TIMEOUT);
            return new Decision.Accepted(
                    List.of(planned, start.facts().getFirst()),
                    start.effects(),
                    Decision.Asker.NONE,
                    Optional.empty());
        }
        return accept(planned).doing(new SetTimer(life.id(), life.generation(), Timer.RETRY, delay));
    }

    private static Decision notRemoved(Ending state, String reason) {
        Life life = state.life();
        if (life.wanted()) {
            var message = "plugin " + life.name() + " was stopped to be removed, and could not be: " + reason;
            return retry(life, Optional.of(message))
                    .releasing(PluginLifecycle.failed(
                            new Refusal.Storage(message + "; it is enabled still, and started again")));
        }
        return accept(new Fact.Disabled(life.id(), life.generation()))
                .releasing(PluginLifecycle.failed(
                        new Refusal.Storage(
                                "plugin " + life.name() + " is disabled, but not removed: " + reason)));
    }
}
