package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.accept;

import dev.patchbay.engine.Effect.Dial;
import dev.patchbay.engine.Effect.FindContainer;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.Restoring;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.TakeOver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What commands mean for a plugin that was wanted when the engine was opened, until it is known what is left of it: what
 * runs as it would be started now runs on, anything else ends in a new start. As long as that cannot be told nothing is
 * started: it might be the second one.
 */
final class RestoringRules {
    private RestoringRules() {}

    static Decision decide(Restoring state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.OfVersion c -> VersionRules.decide(state, c);
            case Command.OfUse c -> UseRules.decide(state, c);
            case Command.OfSetup c -> PluginLifecycle.active(life, c);
            case Command.Enable _ -> PluginLifecycle.alreadyEnabled(life);
            case Command.Disable _ -> stop(life, Next.REST);
            case Command.Remove c ->
                PluginLifecycle.removeEnabled(life, c.force(), stop(life, Next.REMOVE));
            case Command.Halt _ -> stop(life, Next.HALT);
            case Command.Leave _ -> PluginLifecycle.leave(life);
            case Command.Restore _ -> find(life);
            case Command.TimerFired c when c.generation() == life.generation()
                    && c.timer() == Timer.TAKE_OVER ->
                find(life);
            case Command.ContainerFound c -> found(life, c);
            case Command.ContainerNotFound c -> tryAgain(state, c.reason());
            // The end of what was taken over may be told before the news that it was, or instead of that.
            case Command.ContainerExited c when c.generation() >= life.generation() ->
                crashed(life, c.generation(), c.exit(), c.lastErrorLines());
            case Command.ContainerExited _,Command.TimerFired _,Command.LeftOver _,Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerStopped _,Command.ContainerNotStopped _,Command.Purged _,Command.NotStored _ ->
                IGNORED;
        };
    }

    /** The latest start that something is left of. */
    static int generation(TakeOver what) {
        return switch (what) {
            case TakeOver.Running running -> running.container().generation();
            case TakeOver.Ended ended -> ended.exit().generation();
            case TakeOver.Nothing nothing -> nothing.generation();
        };
    }

    private static Decision.Accepted stop(Life life, Next next) {
        return PluginLifecycle.stop(life, next, new StopFound(life.record(), life.generation()));
    }

    private static Decision find(Life life) {
        return accept().doing(new FindContainer(life.record(), life.limits(), life.generation()));
    }

    private static Decision found(Life life, Command.ContainerFound news) {
        Life now = life.reached(generation(news.what()));
        return switch (news.what()) {
            // One that is older than a start that was recorded should have been gone before that.
            case TakeOver.Running running when running.asWanted()
                    && running.container().generation() == now.generation() ->
                takenOver(now, news.doubt());
            case TakeOver.Running _ ->
                accept(new Fact.StopRequested(life.id(), now.generation(), Next.RENEW))
                        .doing(new StopContainer(life.id(), now.generation()));
            // A start was recorded after it, which only follows an end that was seen and told.
            case TakeOver.Ended(ExitSignal exit) when exit.generation() < life.generation() ->
                StoppedRules.start(now, Cause.RESTORE, PluginLifecycle.RESTART_TIMEOUT);
            case TakeOver.Ended(ExitSignal exit) ->
                crashed(life, exit.generation(), exit.status(), exit.lastErrorLines());
            case TakeOver.Nothing _ ->
                StoppedRules.start(now, Cause.RESTORE, PluginLifecycle.RESTART_TIMEOUT);
        };
    }

    /** Its user's start timeout was for its user's start; this is what any restart gets (D41). */
    private static Decision takenOver(Life life, Optional<String> doubt) {
        Duration timeout = PluginLifecycle.RESTART_TIMEOUT;
        return accept(new Fact.TakenOver(life.id(), life.generation(), timeout, doubt))
                .doing(new Dial(life.record(), life.generation()),
                        new SetTimer(life.id(), life.generation(), Timer.START_TIMEOUT, timeout));
    }

    private static Decision crashed(Life life, int generation, ExitStatus exit, List<String> lines) {
        return accept(new Fact.Crashed(life.id(), generation, exit, lines))
                .doing(new StopContainer(life.id(), life.reached(generation).generation()));
    }

    /** It stays wanted (D40); the first pause is that of a second restart, since nothing has changed meanwhile. */
    private static Decision tryAgain(Restoring state, String reason) {
        Life life = state.life();
        int attempt = state.failures() + 1;
        Duration delay = Backoff.before(attempt + 1, life.id(), life.generation());
        var message = "plugin " + life.name() + " could not be restored: " + reason;
        return accept(new Fact.RestoreFailed(life.id(), life.generation(), attempt, delay, message))
                .doing(new SetTimer(life.id(), life.generation(), Timer.TAKE_OVER, delay));
    }
}
