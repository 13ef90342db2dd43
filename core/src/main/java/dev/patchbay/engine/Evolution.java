package dev.patchbay.engine;

import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.PluginState.BackingOff;
import dev.patchbay.engine.PluginState.Ending;
import dev.patchbay.engine.PluginState.Left;
import dev.patchbay.engine.PluginState.Removing;
import dev.patchbay.engine.PluginState.Restoring;
import dev.patchbay.engine.PluginState.Running;
import dev.patchbay.engine.PluginState.Starting;
import dev.patchbay.engine.PluginState.Stopped;
import dev.patchbay.engine.PluginState.Stuck;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.use.Holders;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Folds facts into states. Pure; the only place where a plugin's state changes. */
final class Evolution {
    private Evolution() {}

    /**
     * The state after a fact.
     *
     * @param at when the fact came about, by the engine's clock
     */
    static PluginState apply(PluginState state, Fact fact, Instant at) {
        Life life = state.life();
        return switch (fact) {
            case Fact.SettingsChanged(_, var settings) ->
                with(state,
                        life.with(life.record().withPlugin(life.record().plugin().withSettings(settings))));
            case Fact.LimitsChanged(_, var limits) -> with(state, life.limitedBy(limits));
            case Fact.Upgraded f -> with(state, life.exchanged(f.record()));
            case Fact.RolledBack f -> with(state, life.exchanged(f.record()));
            case Fact.ManifestRecorded f -> with(state, life.with(life.record().withManifest(f.manifest())));
            case Fact.Pushed _ -> state;
            case Fact.SwitchedOff _ -> with(state, life.wanted(false).heldBy(Holders.NONE));
            case Fact.OfUse f -> with(state, life.heldBy(held(life.holders(), f)));
            case Fact.Exited(_, _, var exit, var lines) -> exited(state, life.ended(exit, lines));
            case Fact.Stabilized _ -> with(state, life.started(life.generation(), 0));
            case Fact.StartRequested f -> starting(life, f, at);
            case Fact.Enabled _ -> new Running(life.wanted(true).allWell().since(at));
            case Fact.Recovered _ -> recovered(state, at);
            case Fact.TakenOver f -> new Starting(takenOver(life.reached(f.generation()).allWell(), f),
                    Cause.TAKE_OVER, f.startTimeout());
            case Fact.GenerationSeen f -> with(state, life.reached(f.generation()));
            case Fact.RestoreFailed f ->
                new Restoring(life.because(f.reason()), f.attempt(), Optional.of(at.plus(f.delay())));
            case Fact.LeftAlone _ -> new Left(state);
            case Fact.StartFailed(_, _, var why) -> failed(life, why, at);
            case Fact.Crashed(_, var generation, var exit, var lines) ->
                new Ending(crashed(life.reached(generation), exit, lines).since(at), Next.RETRY,
                        Optional.empty());
            case Fact.StopRequested(_, var generation, var next, var cutOff) ->
                new Ending(stopping(life.reached(generation), next).since(at), next, Optional.empty(),
                        cutOff);
            case Fact.Disabled _ -> new Stopped(life.allWell().since(at));
            case Fact.CameToRest _ -> new Stopped(life.since(at));
            case Fact.StopFailed(_, _, var reason) -> new Stuck(life.because(reason).since(at));
            case Fact.RestartScheduled(_, _, _, var delay, var reason) ->
                new BackingOff(reason.map(life::because).orElse(life).since(at), at.plus(delay));
            case Fact.Removed f -> new Removing(life.heldBy(Holders.NONE).since(at), f.cutOff());
            case Fact.Forgotten _ -> new Removing(life.since(at));
        };
    }

    private static Holders held(Holders before, Fact.OfUse fact) {
        return switch (fact) {
            case Fact.HeldDurably(_, var holder) -> before.with(holder);
            case Fact.Held(_, var holder) -> before.with(holder);
            case Fact.ReleasedDurably(_, var holder) -> before.without(holder);
            case Fact.Released(_, var holder) -> before.without(holder);
        };
    }

    private static Starting starting(Life life, Fact.StartRequested fact, Instant at) {
        int restarts = switch (fact.cause()) {
            case ENABLE, RESTORE -> 0;
            case RESTART -> life.restarts() + 1;
            case TAKE_OVER -> life.restarts();
        };
        return new Starting(
                life.started(fact.generation(), restarts).since(at),
                fact.cause(),
                fact.startTimeout());
    }

    private static Life takenOver(Life life, Fact.TakenOver fact) {
        return fact.doubt()
                .map(why -> life.because("plugin " + life.name()
                        + " was taken over as it ran; it could not have been started: " + why))
                .orElse(life);
    }

    /** What was taken over has run all the time. */
    private static Running recovered(PluginState state, Instant at) {
        return state instanceof Starting(Life life, Cause cause, _) && cause == Cause.TAKE_OVER
                ? new Running(life)
                : new Running(state.life().allWell().since(at));
    }

    private static Life crashed(Life life, ExitStatus exit, List<String> lines) {
        return life.ended(exit, lines).because("it " + exit.describe());
    }

    private static Life stopping(Life life, Next next) {
        return switch (next) {
            case RENEW ->
                life.because("it runs with another bundle than it would be started with now");
            case REST, RETRY, REMOVE, HALT -> life;
        };
    }

    /** A start for somebody ends where it began; any other is tried again. */
    private static Ending failed(Life life, Refusal why, Instant at) {
        var known = life.because(Refusal.message(why)).since(at);
        return life.wanted()
                ? new Ending(known, Next.RETRY, Optional.empty())
                : new Ending(known, Next.REST, Optional.of(why));
    }

    /** A start that failed for another reason than its end is told with what the plugin said last. */
    private static PluginState exited(PluginState state, Life life) {
        return switch (state) {
            case Ending s -> new Ending(
                    life,
                    s.next(),
                    s.failure().map(why -> Refusal.withLastWords(why, life.lastErrorLines())),
                    s.cutOff());
            case Restoring _,Stopped _,Starting _,Running _,BackingOff _,Stuck _,Removing _,Left _ ->
                with(state, life);
        };
    }

    private static PluginState with(PluginState state, Life life) {
        return switch (state) {
            case Restoring s -> new Restoring(life, s.failures(), s.nextTry());
            case Stopped _ -> new Stopped(life);
            case Starting s -> new Starting(life, s.cause(), s.startTimeout());
            case Running _ -> new Running(life);
            case Ending s -> new Ending(life, s.next(), s.failure(), s.cutOff());
            case BackingOff s -> new BackingOff(life, s.nextTry());
            case Stuck _ -> new Stuck(life);
            case Removing s -> new Removing(life, s.cutOff());
            case Left(PluginState was) -> new Left(with(was, life));
        };
    }
}
