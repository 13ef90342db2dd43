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
            case Command.ChangeSettings _ -> life.wanted() ? PluginLifecycle.activeSettings(life) : WAIT;
            case Command.Enable _ -> life.wanted() ? PluginLifecycle.alreadyEnabled(life) : WAIT;
            case Command.Disable _,Command.Remove _ -> WAIT;
            // The other ways to end lead to rest by themselves.
            case Command.Halt _,Command.Leave _ ->
                leadsToAStart(state.next())
                        ? accept(new Fact.StopRequested(life.id(), life.generation(), Next.HALT))
                        : IGNORED;
            case Command.ContainerFound c -> seen(life, RestoringRules.generation(c.what()));
            case Command.ContainerExited c when c.generation() == life.generation() ->
                accept(new Fact.Exited(life.id(), life.generation(), c.exit(), c.lastErrorLines()));
            case Command.ContainerStopped c when c.generation() == life.generation() -> stopped(state);
            case Command.ContainerNotStopped c when c.generation() == life.generation() ->
                notStopped(state, c.reason());
            case Command.NotStored(_, Command.ContainerStopped _, String reason) -> notRemoved(life, reason);
            case Command.NotStored _ -> IGNORED;
            // News of an earlier generation, or news that stopping has overtaken.
            case Command.ContainerExited _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.TimerFired _,Command.Restore _,Command.ContainerNotFound _,Command.LeftOver _,Command.Purged _ ->
                IGNORED;
        };
    }

    private static boolean leadsToAStart(Next next) {
        return switch (next) {
            case RETRY, RENEW -> true;
            case REST, REMOVE, HALT -> false;
        };
    }

    /** Stopping has overtaken the news; but numbers of starts are never used twice. */
    private static Decision seen(Life life, int generation) {
        return generation > life.generation()
                ? accept(new Fact.GenerationSeen(life.id(), generation))
                : IGNORED;
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
                    : accept(off).releasing(new Outcome.Done());
            case REMOVE -> accept(off, new Fact.Removed(life.id())).doing(new Purge(life.id()));
        };
    }

    private static Decision notStopped(Ending state, String reason) {
        Life life = state.life();
        var message = "plugin " + life.name() + " could not be stopped: " + reason;
        var stuck = new Fact.StopFailed(life.id(), life.generation(), message);
        return switch (state.next()) {
            // The next start removes what is left first; until that succeeds it fails, and says so.
            case RETRY, RENEW -> retry(life, Optional.of(message));
            case HALT -> accept(stuck);
            case REST, REMOVE -> accept(stuck)
                    .releasing(PluginLifecycle.failed(
                            new Refusal.NotStopped(life.name(), life.generation(), message)));
        };
    }

    private static Decision retry(Life life, Optional<String> reason) {
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

    private static Decision notRemoved(Life life, String reason) {
        return accept(new Fact.Disabled(life.id(), life.generation()))
                .releasing(PluginLifecycle.failed(
                        new Refusal.Storage(
                                "plugin " + life.name() + " is disabled, but not removed: " + reason)));
    }
}
