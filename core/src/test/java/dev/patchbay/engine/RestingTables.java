package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;
import static dev.patchbay.engine.Lives.GENERATION;
import static dev.patchbay.engine.Lives.NOW;
import static dev.patchbay.engine.Lives.PLUGIN;
import static dev.patchbay.engine.Row.*;

import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Effect.Purge;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Disabled;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.engine.Fact.Removed;
import dev.patchbay.engine.Fact.StartRequested;
import dev.patchbay.engine.Fact.StopRequested;
import dev.patchbay.engine.Fact.SwitchedOff;
import dev.patchbay.limits.LimitOverrides;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What commands mean where a plugin stays until something new comes. */
final class RestingTables {
    private static final Life IDLE = Lives.unwanted();
    private static final Life WANTED = Lives.wanted();
    private static final Decision GONE = accept(new Removed(PLUGIN)).doing(new Purge(PLUGIN)).parking();
    private static final Decision CHANGED = accept(new Fact.SettingsChanged(PLUGIN,
            IDLE.record().plugin().settings().apply(IDLE.record().plugin().config(), List.of("DEBUG=1"))))
            .answering();
    private static final Decision LIMITED = accept(new Fact.LimitsChanged(PLUGIN, LIMITS)).answering();
    private static final Decision NO_SUCH_SETTING = refuse(new Refusal.Invalid(
            "setting \"NONE\" not found in the plugin configuration"));
    private static final SwitchedOff OFF = new SwitchedOff(PLUGIN);
    private static final Decision LEFT = accept(new Fact.LeftAlone(PLUGIN, GENERATION));
    private static final Decision REMOVED_LATER = accept(stop(Next.REMOVE)).doing(CLEAN_UP).parking();
    private static final Disabled DISABLED = new Disabled(PLUGIN, GENERATION);

    private RestingTables() {}

    static Stream<Row> rows() {
        return Stream.of(stopped(), stoppedButWanted(), running(), runningAgain(), backingOff(), stuck(),
                stuckButWanted(), removing(), left()).flatMap(Table::rows);
    }

    private static Table stopped() {
        return numbersSeen(new Table("stopped", new PluginState.Stopped(IDLE)))
                .row(SET, "changed", CHANGED)
                .row(NEW_LIMITS, "changed", LIMITED)
                .row(BAD_SET, "refused", NO_SUCH_SETTING)
                .row(ENABLE, "starts the next generation, its asker waits",
                        start(IDLE, Cause.ENABLE, TIMEOUT).parking())
                .refuses(ALREADY_DISABLED, DISABLE, FORCED_DISABLE)
                .row(REMOVE, "removed", GONE)
                .row(FORCED_REMOVE, "removed", GONE)
                .row(LEFT_OVER, "what an earlier process left is asked to end and cleaned up",
                        accept(stop(Next.REST)).doing(new StopFound(IDLE.record(), GENERATION)));
    }

    /** What is found late, by whoever exchanges versions. */
    private static Table numbersSeen(Table table) {
        Decision seen = accept(new Fact.GenerationSeen(PLUGIN, GENERATION + 3));
        return table
                .row(foundRunning(GENERATION + 3, true), "its number is seen", seen)
                .row(foundRunning(GENERATION + 3, false), "its number is seen", seen)
                .row(foundEnded(GENERATION + 3), "its number is seen", seen)
                .row(TRACES_FOUND, "its number is seen", seen);
    }

    private static Table stoppedButWanted() {
        return numbersSeen(new Table("stopped but wanted", new PluginState.Stopped(WANTED)))
                .refuses(ACTIVE, SET, BAD_SET)
                .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                .refuses(ALREADY_ENABLED, ENABLE)
                .row(DISABLE, "there is nothing to stop", accept(OFF, DISABLED).answering())
                .row(FORCED_DISABLE, "there is nothing to stop", accept(OFF, DISABLED).answering())
                .refuses(ENABLED, REMOVE)
                .row(FORCED_REMOVE, "removed", GONE);
    }

    private static Table running() {
        return alive("running", WANTED);
    }

    private static Table runningAgain() {
        return alive("running after restarts", WANTED.started(GENERATION, 3))
                .row(fired(GENERATION, Timer.STABLE), "healthy again",
                        accept(new Fact.Stabilized(PLUGIN, GENERATION)));
    }

    private static Table alive(String title, Life life) {
        return new Table(title, new PluginState.Running(life))
                .refuses(ACTIVE, SET, BAD_SET)
                .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                .refuses(ALREADY_ENABLED, ENABLE)
                .row(DISABLE, "stops", switchOff(Next.REST))
                .row(FORCED_DISABLE, "stops", switchOff(Next.REST))
                .refuses(ENABLED, REMOVE)
                .row(FORCED_REMOVE, "stops first, and stays wanted until it is gone", REMOVED_LATER)
                .row(HALT, "stops and stays wanted", accept(stop(Next.HALT)).doing(CLEAN_UP))
                .row(LEAVE, "runs on", LEFT)
                .row(exited(GENERATION), "a crash, cleaned up",
                        accept(new Fact.Crashed(PLUGIN, GENERATION, KILLED, WORDS)).doing(CLEAN_UP));
    }

    private static Table backingOff() {
        return new Table("backing off", new PluginState.BackingOff(WANTED, NOW.plusSeconds(1)))
                .refuses(ACTIVE, SET, BAD_SET)
                .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                .refuses(ALREADY_ENABLED, ENABLE)
                .row(DISABLE, "cleans up what may be left", switchOff(Next.REST))
                .row(FORCED_DISABLE, "cleans up what may be left", switchOff(Next.REST))
                .refuses(ENABLED, REMOVE)
                .row(FORCED_REMOVE, "cleans up what may be left", REMOVED_LATER)
                .row(HALT, "cleans up what may be left and stays wanted",
                        accept(stop(Next.HALT)).doing(CLEAN_UP))
                .row(LEAVE, "the next engine starts it", LEFT)
                .row(fired(GENERATION, Timer.RETRY), "starts",
                        start(WANTED, Cause.RESTART, PluginLifecycle.RESTART_TIMEOUT));
    }

    private static Table stuck() {
        return stuck("stuck", IDLE.because("it outlived KILL"), Next.REST)
                .row(SET, "changed", CHANGED)
                .row(NEW_LIMITS, "changed", LIMITED)
                .row(BAD_SET, "refused", NO_SUCH_SETTING)
                .row(DISABLE, "tries again", accept(stop(Next.REST)).doing(CLEAN_UP).parking())
                .row(FORCED_DISABLE, "tries again", accept(stop(Next.REST)).doing(CLEAN_UP).parking())
                .row(REMOVE, "tries again", accept(stop(Next.REMOVE)).doing(CLEAN_UP).parking())
                .row(FORCED_REMOVE, "tries again", accept(stop(Next.REMOVE)).doing(CLEAN_UP).parking());
    }

    /** While the engine closes. */
    private static Table stuckButWanted() {
        return stuck("stuck but wanted", WANTED.because("it outlived KILL"), Next.HALT)
                .refuses(ACTIVE, SET, BAD_SET)
                .refuses(LIMITS_ACTIVE, NEW_LIMITS)
                .row(DISABLE, "tries again", switchOff(Next.REST))
                .row(FORCED_DISABLE, "tries again", switchOff(Next.REST))
                .refuses(ENABLED, REMOVE)
                .row(FORCED_REMOVE, "tries again", REMOVED_LATER);
    }

    private static Table stuck(String title, Life life, Next afterExit) {
        return new Table(title, new PluginState.Stuck(life))
                .refuses(new Refusal.Conflict("sample:latest", Kind.STUCK,
                        "it outlived KILL; disable it again to try once more, then enable it"), ENABLE)
                .row(HALT, "tries again", accept(stop(Next.HALT)).doing(CLEAN_UP))
                .row(LEAVE, "tries again", accept(stop(Next.HALT)).doing(CLEAN_UP))
                .row(exited(GENERATION), "gone after all: cleaned up",
                        accept(new Fact.Exited(PLUGIN, GENERATION, KILLED, WORDS), stop(afterExit))
                                .doing(CLEAN_UP));
    }

    private static Table removing() {
        return new Table("removing", new PluginState.Removing(IDLE))
                .refuses(new Refusal.NotFound("sample:latest"), SET, NEW_LIMITS, BAD_SET, ENABLE, DISABLE,
                        FORCED_DISABLE,
                        REMOVE, FORCED_REMOVE)
                .row(PURGED, "forgotten",
                        accept(new Fact.Forgotten(PLUGIN)).releasing(new Outcome.Done()))
                .row(NOT_PURGED, "forgotten, and the asker hears what is left",
                        accept(new Fact.Forgotten(PLUGIN)).releasing(new Outcome.Failed(new Refusal.Storage(
                                "plugin sample:latest is removed, but files of it are left: disk on fire"))));
    }

    private static Table left() {
        return new Table("left alone", new PluginState.Left(new PluginState.Running(WANTED)))
                .refuses(new Refusal.Closing(), SET, NEW_LIMITS, BAD_SET, ENABLE, DISABLE, FORCED_DISABLE,
                        REMOVE,
                        FORCED_REMOVE);
    }

    private static Decision.Accepted start(Life life, Cause cause, Duration timeout) {
        return accept(new StartRequested(PLUGIN, GENERATION + 1, cause, timeout))
                .doing(new StartContainer(life.record(), LimitOverrides.NONE, GENERATION + 1));
    }

    private static Decision switchOff(Next next) {
        return accept(OFF, stop(next)).doing(CLEAN_UP).parking();
    }

    private static StopRequested stop(Next next) {
        return new StopRequested(PLUGIN, GENERATION, next);
    }
}
