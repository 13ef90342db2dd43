package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.WAIT;
import static dev.patchbay.engine.Decision.accept;

import dev.patchbay.Force;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.Starting;
import dev.patchbay.executor.ExitStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What commands mean for a plugin whose container is being started or does not accept connections yet. While a user
 * waits for the start, others wait their turn, unless they bring force; a start that nobody waits for yields at once.
 */
final class StartingRules {
    static final Duration STABLE_AFTER = Duration.ofSeconds(60);

    private StartingRules() {}

    static Decision decide(Starting state, Command command) {
        Life life = state.life();
        return switch (command) {
            case Command.OfVersion c -> VersionRules.decide(state, c);
            case Command.OfUse c -> UseRules.decide(state, c);
            case Command.OfSetup c -> life.wanted() ? PluginLifecycle.active(life, c) : WAIT;
            case Command.Enable _ -> life.wanted() ? PluginLifecycle.alreadyEnabled(life) : WAIT;
            case Command.Disable c -> yields(state, c.force()) ? interrupt(life, Next.REST) : WAIT;
            case Command.Remove c ->
                yields(state, c.force())
                        ? PluginLifecycle.removeEnabled(life, c.force(), interrupt(life, Next.REMOVE))
                        : WAIT;
            case Command.Leave _ when state.cause() == Cause.TAKE_OVER -> PluginLifecycle.leave(life);
            case Command.Halt _,Command.Leave _ ->
                PluginLifecycle.stop(life, Next.HALT)
                        .releasing(PluginLifecycle.failed(new Refusal.Closing()));
            case Command.ContainerStarted c when c.generation() == life.generation() ->
                accept().doing(new SetTimer(life.id(), life.generation(), Timer.START_TIMEOUT,
                        state.startTimeout()));
            case Command.ContainerReady c when c.generation() == life.generation() -> ready(state);
            case Command.ContainerNotStarted c when c.generation() == life.generation() ->
                failed(life, c.reason());
            case Command.ContainerExited c when c.generation() == life.generation() -> exited(state, c);
            case Command.TimerFired c when c.generation() == life.generation()
                    && c.timer() == Timer.START_TIMEOUT ->
                failed(life, "it did not accept connections on its socket "
                        + life.record().plugin().config().api().socket() + " within "
                        + Sentences.duration(state.startTimeout()));
            case Command.NotStored(_, Command.ContainerReady _, String reason) ->
                end(life, new Refusal.Storage(
                        "plugin " + life.name() + " runs, but cannot be enabled: " + reason));
            case Command.NotStored _,Command.Restore _,Command.ContainerFound _,Command.ContainerNotFound _,Command.LeftOver _,Command.Purged _,Command.ContainerStopped _,Command.ContainerNotStopped _ ->
                IGNORED;
            // News of an earlier generation, or a timer that this state does not wait for.
            case Command.ContainerStarted _,Command.ContainerReady _,Command.ContainerNotStarted _,Command.ContainerExited _,Command.TimerFired _ ->
                IGNORED;
        };
    }

    private static boolean yields(Starting state, Force force) {
        return state.cause() != Cause.ENABLE || force == Force.YES;
    }

    private static Decision.Accepted interrupt(Life life, Next next) {
        return PluginLifecycle.stop(life, next).releasing(PluginLifecycle.interrupted(life));
    }

    private static Decision ready(Starting state) {
        Life life = state.life();
        var watch = new SetTimer(life.id(), life.generation(), Timer.STABLE, STABLE_AFTER);
        return switch (state.cause()) {
            case ENABLE -> accept(new Fact.Enabled(life.id(), life.generation()))
                    .doing(watch)
                    .releasing(new Outcome.Done());
            case RESTART, RESTORE, TAKE_OVER ->
                accept(new Fact.Recovered(life.id(), life.generation())).doing(watch);
        };
    }

    private static Decision exited(Starting state, Command.ContainerExited news) {
        Life life = state.life();
        if (state.cause() == Cause.TAKE_OVER) {
            // It had run for long: that is no failed start.
            return accept(
                    new Fact.Crashed(life.id(), life.generation(), news.exit(), news.lastErrorLines()))
                    .doing(cleanUp(life));
        }
        var seen = new Fact.Exited(life.id(), life.generation(), news.exit(), news.lastErrorLines());
        var why = notStarted(life, "it " + news.exit().describe() + " before it accepted connections",
                Optional.of(news.exit()), news.lastErrorLines());
        return accept(seen, new Fact.StartFailed(life.id(), life.generation(), why)).doing(cleanUp(life));
    }

    private static Decision failed(Life life, String reason) {
        return end(life, notStarted(life, reason, Optional.empty(), List.of()));
    }

    private static Decision end(Life life, Refusal why) {
        return accept(new Fact.StartFailed(life.id(), life.generation(), why)).doing(cleanUp(life));
    }

    private static StopContainer cleanUp(Life life) {
        return new StopContainer(life.id(), life.generation());
    }

    private static Refusal.NotStarted notStarted(
            Life life,
            String reason,
            Optional<ExitStatus> exit,
            List<String> lines) {
        var message = "plugin " + life.name() + " did not start: " + reason + Sentences.lastWords(lines);
        return new Refusal.NotStarted(life.name(), life.generation(), message, exit, lines);
    }
}
