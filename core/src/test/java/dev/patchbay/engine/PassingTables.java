package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Lives.GENERATION;
import static dev.patchbay.engine.Lives.PLUGIN;
import static dev.patchbay.engine.Row.*;

import dev.patchbay.engine.Decision.Accepted;
import dev.patchbay.engine.Decision.Asker;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Effect.SetTimer;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.Fact.RestartScheduled;
import dev.patchbay.engine.Fact.StartFailed;
import dev.patchbay.engine.Fact.StopRequested;
import dev.patchbay.engine.Fact.SwitchedOff;
import dev.patchbay.limits.LimitOverrides;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What commands mean while a container is started or stopped. */
final class PassingTables {
    private static final Life IDLE = Lives.unwanted();
    private static final Life WANTED = Lives.wanted();
    private static final String KILL_OUTLIVED = "plugin sample:latest could not be stopped: it outlived KILL";
    private static final Outcome NOT_STOPPED = new Outcome.Failed(
            new Refusal.NotStopped("sample:latest", GENERATION, KILL_OUTLIVED));
    private static final Refusal FAILURE = new Refusal.Storage("why it did not start");
    private static final Decision EXIT_SEEN = accept(new Fact.Exited(PLUGIN, GENERATION, KILLED, WORDS));
    private static final Decision NUMBER_SEEN = accept(new Fact.GenerationSeen(PLUGIN, GENERATION + 3));
    private static final Accepted HALTED = accept(stop(Next.HALT)).doing(CLEAN_UP)
            .releasing(new Outcome.Failed(new Refusal.Closing()));
    private static final Fact REST = new Fact.CameToRest(PLUGIN, GENERATION);
    private static final Fact DISABLED = new Fact.Disabled(PLUGIN, GENERATION);

    private PassingTables() {}

    static Stream<Row> rows() {
        return Stream
                .of(startingForSomebody(), startingAgain(Cause.RESTART), startingAgain(Cause.RESTORE),
                        takenOver(),
                        switchingOff(), cleaningUpAFailedEnable(), renewing(), firstRetry(), laterRetry(),
                        endingForRemoval(), endingForForcedRemoval(), endingForForcedRemovalAgain(),
                        halting("halting", WANTED), halting("halting an enable", IDLE))
                .flatMap(Table::rows);
    }

    private static Table startingForSomebody() {
        return halfStarted("starting for an enable", new PluginState.Starting(IDLE, Cause.ENABLE, TIMEOUT))
                .waits(SET, NEW_LIMITS, BAD_SET, ENABLE, DISABLE, REMOVE)
                .row(FORCED_DISABLE, "interrupts", interrupt(Next.REST))
                .row(FORCED_REMOVE, "interrupts", interrupt(Next.REMOVE))
                .row(ready(GENERATION), "enabled, and its asker hears of it",
                        accept(new Fact.Enabled(PLUGIN, GENERATION))
                                .doing(timer(Timer.STABLE, Duration.ofSeconds(60)))
                                .releasing(new Outcome.Done()));
    }

    private static Table startingAgain(Cause cause) {
        return wanted(halfStarted("starting by " + cause, new PluginState.Starting(WANTED, cause, TIMEOUT)));
    }

    private static Table takenOver() {
        var state = new PluginState.Starting(WANTED, Cause.TAKE_OVER, TIMEOUT);
        return wanted(starting("taken over", state))
                .row(LEAVE, "runs on", accept(new Fact.LeftAlone(PLUGIN, GENERATION)))
                .row(exited(GENERATION), "a crash: it had run before",
                        accept(new Fact.Crashed(PLUGIN, GENERATION, KILLED, WORDS)).doing(CLEAN_UP));
    }

    private static Table wanted(Table table) {
        var off = new SwitchedOff(PLUGIN);
        return table
                .refuses(ACTIVE, SET, BAD_SET)
                .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                .refuses(ALREADY_ENABLED, ENABLE)
                .row(DISABLE, "interrupts", interrupt(Next.REST, off))
                .row(FORCED_DISABLE, "interrupts", interrupt(Next.REST, off))
                .refuses(ENABLED, REMOVE)
                .row(FORCED_REMOVE, "interrupts, and stays wanted until it is gone", interrupt(Next.REMOVE))
                .row(ready(GENERATION), "runs again",
                        accept(new Fact.Recovered(PLUGIN, GENERATION))
                                .doing(timer(Timer.STABLE, Duration.ofSeconds(60))));
    }

    private static Table halfStarted(String title, PluginState.Starting state) {
        return starting(title, state)
                .row(LEAVE, "stops, and its asker hears that the engine closes", HALTED)
                .row(exited(GENERATION), "cleaned up, and how it ended is told",
                        accept(new Fact.Exited(PLUGIN, GENERATION, KILLED, WORDS),
                                new StartFailed(PLUGIN, GENERATION, new Refusal.NotStarted("sample:latest",
                                        GENERATION,
                                        "plugin sample:latest did not start: it was killed by signal 9 (out of"
                                                + " memory) before it accepted connections; it last wrote to"
                                                + " stderr: no such device | giving up",
                                        Optional.of(KILLED), WORDS)))
                                .doing(CLEAN_UP));
    }

    private static Table starting(String title, PluginState.Starting state) {
        return new Table(title, state)
                .row(HALT, "stops, and its asker hears that the engine closes", HALTED)
                .row(started(GENERATION), "its time begins to run",
                        accept().doing(timer(Timer.START_TIMEOUT, TIMEOUT)))
                .row(notStarted(GENERATION), "cleaned up",
                        failed(noStart("runc says no")))
                .row(fired(GENERATION, Timer.START_TIMEOUT), "cleaned up",
                        failed(noStart("it did not accept connections on its socket p.sock within 5s")))
                .row(notStored(ready(GENERATION)), "cleaned up",
                        failed(new Refusal.Storage(
                                "plugin sample:latest runs, but cannot be enabled: disk full")));
    }

    private static Table switchingOff() {
        return ending("switching off", IDLE, Next.REST, Optional.empty())
                .waits(SET, NEW_LIMITS, BAD_SET, ENABLE)
                .row(stopped(GENERATION), "disabled, and its asker hears of it",
                        accept(DISABLED).releasing(new Outcome.Done()))
                .row(notStopped(GENERATION), "stuck, and its asker hears why",
                        stuck().releasing(NOT_STOPPED));
    }

    private static Table cleaningUpAFailedEnable() {
        return ending("cleaning up after a failed enable", IDLE, Next.REST, Optional.of(FAILURE))
                .waits(SET, NEW_LIMITS, BAD_SET, ENABLE)
                .row(stopped(GENERATION), "at rest, and its asker hears why",
                        accept(REST).releasing(new Outcome.Failed(FAILURE)))
                .row(notStopped(GENERATION), "stuck, and its asker hears why",
                        stuck().releasing(NOT_STOPPED));
    }

    private static Table renewing() {
        var life = WANTED.started(GENERATION, 2).because("another bundle");
        var pause = Backoff.before(3, PLUGIN, GENERATION);
        return wantedAndEnding("renewing", life, Next.RENEW)
                .row(stopped(GENERATION), "starts at once",
                        accept(new Fact.StartRequested(PLUGIN, GENERATION + 1, Cause.RESTORE,
                                Duration.ofSeconds(30)))
                                .doing(new StartContainer(life.record(), LimitOverrides.NONE,
                                        GENERATION + 1)))
                .row(notStopped(GENERATION), "waits before it starts and says what is left",
                        accept(scheduled(3, pause, KILL_OUTLIVED)).doing(timer(Timer.RETRY, pause)));
    }

    private static Table firstRetry() {
        var start = new Fact.StartRequested(PLUGIN, GENERATION + 1, Cause.RESTART, Duration.ofSeconds(30));
        return retrying("crashed for the first time", WANTED.because("it fell"))
                .row(stopped(GENERATION), "restarts at once",
                        new Accepted(List.of(scheduled(1, Duration.ZERO, "it fell"), start),
                                List.of(new StartContainer(WANTED.record(), LimitOverrides.NONE,
                                        GENERATION + 1)),
                                Asker.NONE, Optional.empty()))
                .row(notStopped(GENERATION), "restarts at once and says what is left",
                        new Accepted(List.of(scheduled(1, Duration.ZERO, KILL_OUTLIVED), start),
                                List.of(new StartContainer(WANTED.record(), LimitOverrides.NONE,
                                        GENERATION + 1)),
                                Asker.NONE, Optional.empty()));
    }

    private static Table laterRetry() {
        Duration pause = Backoff.before(3, PLUGIN, GENERATION);
        return retrying("crashed again", WANTED.started(GENERATION, 2).because("it fell"))
                .row(stopped(GENERATION), "waits before it restarts",
                        accept(scheduled(3, pause, "it fell")).doing(timer(Timer.RETRY, pause)))
                .row(notStopped(GENERATION), "waits before it restarts and says what is left",
                        accept(scheduled(3, pause, KILL_OUTLIVED)).doing(timer(Timer.RETRY, pause)));
    }

    private static Table retrying(String title, Life life) {
        return wantedAndEnding(title, life, Next.RETRY);
    }

    private static Table wantedAndEnding(String title, Life life, Next next) {
        Accepted given = accept(stop(Next.HALT)).releasing(new Outcome.Failed(new Refusal.Closing()));
        return ending(title, life, next, Optional.empty())
                .refuses(ACTIVE, SET, BAD_SET)
                .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                .refuses(ALREADY_ENABLED, ENABLE)
                .row(HALT, "will not restart", given)
                .row(LEAVE, "will not restart", given);
    }

    private static Table endingForRemoval() {
        return ending("ending for removal", IDLE, Next.REMOVE, Optional.empty())
                .waits(SET, NEW_LIMITS, BAD_SET, ENABLE)
                .row(stopped(GENERATION), "removed, and its asker still waits for the files",
                        accept(DISABLED, new Fact.Removed(PLUGIN)).doing(new Effect.Purge(PLUGIN)))
                .row(notStopped(GENERATION), "stuck, and its asker hears why",
                        stuck().releasing(NOT_STOPPED));
    }

    /** It is wanted until it is removed: what goes wrong leaves it so, and it is started again. */
    private static Table endingForForcedRemoval() {
        var start = new Fact.StartRequested(PLUGIN, GENERATION + 1, Cause.RESTART, Duration.ofSeconds(30));
        return endingForForcedRemoval("ending for forced removal", WANTED)
                .row(notStopped(GENERATION), "restarts at once, and its asker hears why",
                        new Accepted(List.of(scheduled(1, Duration.ZERO, KILL_OUTLIVED), start),
                                List.of(new StartContainer(WANTED.record(), LimitOverrides.NONE,
                                        GENERATION + 1)),
                                Asker.NONE, Optional.of(NOT_STOPPED)));
    }

    private static Table endingForForcedRemovalAgain() {
        Duration pause = Backoff.before(3, PLUGIN, GENERATION);
        return endingForForcedRemoval("ending for forced removal after restarts",
                WANTED.started(GENERATION, 2))
                .row(notStopped(GENERATION), "waits before it restarts, and its asker hears why",
                        accept(scheduled(3, pause, KILL_OUTLIVED)).doing(timer(Timer.RETRY, pause))
                                .releasing(NOT_STOPPED));
    }

    private static Table endingForForcedRemoval(String title, Life life) {
        Accepted given = accept(stop(Next.HALT)).releasing(new Outcome.Failed(new Refusal.Closing()));
        return ending(title, life, Next.REMOVE, Optional.empty())
                .waits(SET, NEW_LIMITS, BAD_SET, ENABLE)
                .row(HALT, "given up, and its asker hears that the engine closes", given)
                .row(LEAVE, "given up, and its asker hears that the engine closes", given)
                .row(stopped(GENERATION), "removed, and its asker still waits for the files",
                        accept(DISABLED, new Fact.Removed(PLUGIN)).doing(new Effect.Purge(PLUGIN)));
    }

    private static Table halting(String title, Life life) {
        var table = ending(title, life, Next.HALT, Optional.empty())
                .row(stopped(GENERATION), "at rest", accept(REST))
                .row(notStopped(GENERATION), "stuck", stuck());
        return life.wanted()
                ? table.refuses(ACTIVE, SET, BAD_SET)
                        .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                        .refuses(ALREADY_ENABLED, ENABLE)
                : table.waits(SET, NEW_LIMITS, BAD_SET, ENABLE);
    }

    private static Table ending(String title, Life life, Next next, Optional<Refusal> failure) {
        return new Table(title, new PluginState.Ending(life, next, failure))
                .waits(DISABLE, FORCED_DISABLE, REMOVE, FORCED_REMOVE)
                .row(exited(GENERATION), "seen", EXIT_SEEN)
                .row(foundRunning(GENERATION + 3, true), "its number is seen", NUMBER_SEEN)
                .row(foundRunning(GENERATION + 3, false), "its number is seen", NUMBER_SEEN)
                .row(foundEnded(GENERATION + 3), "its number is seen", NUMBER_SEEN)
                .row(TRACES_FOUND, "its number is seen", NUMBER_SEEN)
                .row(notStored(stopped(GENERATION)), "its asker hears that it is not removed",
                        life.wanted()
                                ? restartedUnremoved(life)
                                : accept(DISABLED)
                                        .releasing(storage(
                                                "plugin sample:latest is disabled, but not removed: disk full")));
    }

    private static Decision restartedUnremoved(Life life) {
        var reason = "plugin sample:latest was stopped to be removed, and could not be: disk full";
        var heard = storage(reason + "; it is enabled still, and started again");
        int attempt = life.restarts() + 1;
        Duration pause = Backoff.before(attempt, PLUGIN, GENERATION);
        var start = new Fact.StartRequested(PLUGIN, GENERATION + 1, Cause.RESTART, Duration.ofSeconds(30));
        return pause.isZero()
                ? new Accepted(List.of(scheduled(attempt, pause, reason), start),
                        List.of(new StartContainer(life.record(), LimitOverrides.NONE, GENERATION + 1)),
                        Asker.NONE,
                        Optional.of(heard))
                : accept(scheduled(attempt, pause, reason)).doing(timer(Timer.RETRY, pause)).releasing(heard);
    }

    private static Outcome storage(String message) {
        return new Outcome.Failed(new Refusal.Storage(message));
    }

    private static Decision interrupt(Next next, Fact... before) {
        var facts = Stream.concat(Stream.of(before), Stream.of(stop(next))).toList();
        return new Accepted(facts, List.of(CLEAN_UP), Asker.PARKED,
                Optional.of(new Outcome.Failed(INTERRUPTED)));
    }

    private static Decision failed(Refusal why) {
        return accept(new StartFailed(PLUGIN, GENERATION, why)).doing(CLEAN_UP);
    }

    private static Refusal noStart(String reason) {
        return new Refusal.NotStarted("sample:latest", GENERATION,
                "plugin sample:latest did not start: " + reason, Optional.empty(), List.of());
    }

    private static Accepted stuck() {
        return accept(new Fact.StopFailed(PLUGIN, GENERATION, KILL_OUTLIVED));
    }

    private static RestartScheduled scheduled(int attempt, Duration delay, String reason) {
        return new RestartScheduled(PLUGIN, GENERATION, attempt, delay, Optional.of(reason));
    }

    private static SetTimer timer(Timer timer, Duration delay) {
        return new SetTimer(PLUGIN, GENERATION, timer, delay);
    }

    private static StopRequested stop(Next next) {
        return new StopRequested(PLUGIN, GENERATION, next);
    }
}
