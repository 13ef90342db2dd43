package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Lives.GENERATION;
import static dev.patchbay.engine.Lives.NOW;
import static dev.patchbay.engine.Lives.PLUGIN;
import static dev.patchbay.engine.Row.*;

import dev.patchbay.engine.Effect.Dial;
import dev.patchbay.engine.Effect.FindContainer;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.limits.LimitOverrides;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What commands mean until it is known what an earlier process left of a wanted plugin. */
final class RestoringTable {
    private static final Life WANTED = Lives.wanted().started(GENERATION, 2);
    private static final int LATER = GENERATION + 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private RestoringTable() {}

    static Stream<Row> rows() {
        return Stream.of(restoring("restoring", new PluginState.Restoring(WANTED), 1),
                restoring("restoring again", new PluginState.Restoring(WANTED.because("x"), 3,
                        Optional.of(NOW)), 4))
                .flatMap(Table::rows);
    }

    private static Table restoring(String title, PluginState state, int attempt) {
        Life life = state.life();
        return found(new Table(title, state), life)
                .refuses(ACTIVE, SET, BAD_SET)
                .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                .refuses(ALREADY_ENABLED, ENABLE)
                .row(DISABLE, "stops what runs", switchOff(life, Next.REST))
                .row(FORCED_DISABLE, "stops what runs", switchOff(life, Next.REST))
                .refuses(ENABLED, REMOVE)
                .row(FORCED_REMOVE, "stops what runs first",
                        accept(stop(GENERATION, Next.REMOVE)).doing(stopFound(life)).parking())
                .row(HALT, "stops what runs and stays wanted",
                        accept(stop(GENERATION, Next.HALT)).doing(stopFound(life)))
                .row(LEAVE, "what runs runs on", accept(new Fact.LeftAlone(PLUGIN, GENERATION)))
                .row(RESTORE, "looks for it",
                        accept().doing(new FindContainer(life.record(), LimitOverrides.NONE, GENERATION)))
                .row(fired(GENERATION, Timer.TAKE_OVER), "looks for it again",
                        accept().doing(new FindContainer(life.record(), LimitOverrides.NONE, GENERATION)))
                .row(NOT_FOUND, "stays wanted and tries again after a pause (D40)", tryAgain(attempt))
                .row(exited(GENERATION), "told before it was known that it was taken over",
                        crashed(GENERATION, GENERATION));
    }

    private static Table found(Table table, Life life) {
        return table
                .row(foundRunning(GENERATION, true), "dialled, as what it is", takenOver(life, GENERATION))
                .row(foundRunning(LATER, true), "dialled, by a number that was not known",
                        takenOver(life, LATER))
                .row(FOUND_IN_DOUBT, "dialled, and why it could not be started is remembered",
                        takenOver(life, GENERATION, Optional.of(DOUBT)))
                .row(foundRunning(STALE, true), "too old to be kept", renewed(GENERATION))
                .row(foundRunning(GENERATION, false), "stopped, to be started anew", renewed(GENERATION))
                .row(foundRunning(LATER, false), "stopped, to be started anew", renewed(LATER))
                .row(foundRunning(STALE, false), "stopped, to be started anew", renewed(GENERATION))
                .row(foundEnded(GENERATION), "a crash", crashed(GENERATION, GENERATION))
                .row(foundEnded(LATER), "a crash", crashed(LATER, LATER))
                .row(foundEnded(STALE), "starts: that end was told before the start that was recorded",
                        start(life, GENERATION + 1))
                .row(NOTHING_FOUND, "starts", start(life, GENERATION + 1))
                .row(TRACES_FOUND, "starts, by a number that nobody had", start(life, LATER + 1));
    }

    private static Decision takenOver(Life life, int generation) {
        return takenOver(life, generation, Optional.empty());
    }

    private static Decision takenOver(Life life, int generation, Optional<String> doubt) {
        return accept(new Fact.TakenOver(PLUGIN, generation, LIMIT, doubt))
                .doing(new Dial(life.record(), generation),
                        new SetTimer(PLUGIN, generation, Timer.START_TIMEOUT, LIMIT));
    }

    private static Decision renewed(int generation) {
        return accept(stop(generation, Next.RENEW)).doing(new StopContainer(PLUGIN, generation));
    }

    private static Decision crashed(int told, int generation) {
        return accept(new Fact.Crashed(PLUGIN, told, KILLED, WORDS))
                .doing(new StopContainer(PLUGIN, generation));
    }

    private static Decision start(Life life, int generation) {
        return accept(new Fact.StartRequested(PLUGIN, generation, Cause.RESTORE, LIMIT))
                .doing(new StartContainer(life.record(), LimitOverrides.NONE, generation));
    }

    private static Decision tryAgain(int attempt) {
        Duration pause = Backoff.before(attempt + 1, PLUGIN, GENERATION);
        return accept(new Fact.RestoreFailed(PLUGIN, GENERATION, attempt, pause,
                "plugin sample:latest could not be restored: runc says no"))
                .doing(new SetTimer(PLUGIN, GENERATION, Timer.TAKE_OVER, pause));
    }

    private static Decision switchOff(Life life, Next next) {
        return accept(new Fact.SwitchedOff(PLUGIN), stop(GENERATION, next)).doing(stopFound(life)).parking();
    }

    private static Fact stop(int generation, Next next) {
        return new Fact.StopRequested(PLUGIN, generation, next);
    }

    private static StopFound stopFound(Life life) {
        return new StopFound(life.record(), GENERATION);
    }
}
