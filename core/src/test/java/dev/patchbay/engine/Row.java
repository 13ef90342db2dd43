package dev.patchbay.engine;

import static dev.patchbay.engine.Lives.GENERATION;
import static dev.patchbay.engine.Lives.PLUGIN;

import dev.patchbay.Force;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.limits.LimitOverrides;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One row of the rules: what a command means in a state. The commands that rows are made of stand here too. */
record Row(String name, PluginState state, Command command, Decision expected) {
    static final int STALE = GENERATION - 1;
    static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final ExitStatus KILLED = new ExitStatus.Signaled(9, true);
    static final List<String> WORDS = List.of("no such device", "giving up");

    static final Command ENABLE = new Command.Enable(PLUGIN, TIMEOUT);
    static final Command DISABLE = new Command.Disable(PLUGIN, Force.NO);
    static final Command FORCED_DISABLE = new Command.Disable(PLUGIN, Force.YES);
    static final Command REMOVE = new Command.Remove(PLUGIN, Force.NO);
    static final Command FORCED_REMOVE = new Command.Remove(PLUGIN, Force.YES);
    static final Command SET = new Command.ChangeSettings(PLUGIN, List.of("DEBUG=1"));
    static final LimitOverrides LIMITS = new LimitOverrides(OptionalLong.empty(), OptionalLong.empty(),
            OptionalLong.of(7), Optional.empty(), Optional.empty(), Optional.empty());
    static final Command NEW_LIMITS = new Command.ChangeLimits(PLUGIN, LIMITS);
    static final Command BAD_SET = new Command.ChangeSettings(PLUGIN, List.of("NONE=1"));
    static final Command RESTORE = new Command.Restore(PLUGIN);
    static final Command LEAVE = new Command.Leave(PLUGIN);
    static final Command LEFT_OVER = new Command.LeftOver(PLUGIN);
    static final Command NOTHING_FOUND = found(new TakeOver.Nothing(0));
    static final Command TRACES_FOUND = found(new TakeOver.Nothing(GENERATION + 3));
    static final String DOUBT = "the host has no /data";
    static final Command FOUND_IN_DOUBT = new Command.ContainerFound(PLUGIN, running(GENERATION, true),
            Optional.of(DOUBT));
    static final Command NOT_FOUND = new Command.ContainerNotFound(PLUGIN, "runc says no");
    static final Command HALT = new Command.Halt(PLUGIN);
    static final Command PURGED = new Command.Purged(PLUGIN, Optional.empty());
    static final Command NOT_PURGED = new Command.Purged(PLUGIN, Optional.of("disk on fire"));

    static final StopContainer CLEAN_UP = new StopContainer(PLUGIN, GENERATION);
    static final Refusal ALREADY_ENABLED = new Refusal.Conflict("sample:latest", Kind.ENABLED,
            "plugin already enabled: plugin sample:latest is enabled");
    static final Refusal ENABLED = new Refusal.Conflict("sample:latest", Kind.ENABLED,
            "plugin sample:latest is enabled");
    static final Refusal ALREADY_DISABLED = new Refusal.Conflict("sample:latest", Kind.DISABLED,
            "plugin is already disabled: plugin sample:latest found but disabled");
    static final Refusal ACTIVE = new Refusal.Conflict("sample:latest", Kind.ENABLED,
            "cannot set on an active plugin, disable plugin before setting");
    static final Refusal LIMITS_ACTIVE = new Refusal.Conflict("sample:latest", Kind.ENABLED,
            "the limits of an active plugin cannot be changed, disable plugin sample:latest first");
    static final Refusal INTERRUPTED = new Refusal.Conflict("sample:latest", Kind.INTERRUPTED,
            "plugin sample:latest was stopped by another request while it was starting");

    static Command started(int generation) {
        return new Command.ContainerStarted(PLUGIN, generation);
    }

    static Command ready(int generation) {
        return new Command.ContainerReady(PLUGIN, generation);
    }

    static Command notStarted(int generation) {
        return new Command.ContainerNotStarted(PLUGIN, generation, "runc says no");
    }

    static Command exited(int generation) {
        return new Command.ContainerExited(PLUGIN, generation, KILLED, WORDS);
    }

    static Command foundRunning(int generation, boolean asWanted) {
        return found(running(generation, asWanted));
    }

    private static TakeOver running(int generation, boolean asWanted) {
        return new TakeOver.Running(new RunningContainer(PLUGIN, generation, 77), asWanted);
    }

    private static Command found(TakeOver what) {
        return new Command.ContainerFound(PLUGIN, what, Optional.empty());
    }

    static Command foundEnded(int generation) {
        return found(new TakeOver.Ended(new ExitSignal(PLUGIN, generation, KILLED, Lives.NOW, WORDS)));
    }

    static Command stopped(int generation) {
        return new Command.ContainerStopped(PLUGIN, generation);
    }

    static Command notStopped(int generation) {
        return new Command.ContainerNotStopped(PLUGIN, generation, "it outlived KILL");
    }

    static Command fired(int generation, Timer timer) {
        return new Command.TimerFired(PLUGIN, generation, timer);
    }

    static Command notStored(Command attempted) {
        return new Command.NotStored(PLUGIN, attempted, "disk full");
    }

    /** Every command that a state may meet, in every variant that a rule could tell apart. */
    static Stream<Command> commands() {
        var asked = Stream.of(SET, NEW_LIMITS, BAD_SET, ENABLE, DISABLE, FORCED_DISABLE, REMOVE,
                FORCED_REMOVE,
                RESTORE,
                HALT, LEAVE, LEFT_OVER, PURGED, NOT_PURGED, NOTHING_FOUND, TRACES_FOUND, FOUND_IN_DOUBT,
                NOT_FOUND);
        var found = Stream.of(GENERATION, STALE, GENERATION + 3)
                .flatMap(generation -> Stream.of(foundRunning(generation, true),
                        foundRunning(generation, false), foundEnded(generation)));
        var reported = Stream.of(GENERATION, STALE)
                .flatMap(generation -> Stream.of(
                        started(generation), ready(generation), notStarted(generation), exited(generation),
                        stopped(generation), notStopped(generation),
                        fired(generation, Timer.START_TIMEOUT), fired(generation, Timer.RETRY),
                        fired(generation, Timer.TAKE_OVER),
                        fired(generation, Timer.STABLE)));
        var refused = Stream.of(SET, ENABLE, DISABLE, REMOVE, ready(GENERATION), stopped(GENERATION))
                .map(Row::notStored);
        return Stream.of(asked, found, reported, refused).flatMap(commands -> commands);
    }

    @Override
    public String toString() {
        return name;
    }
}
