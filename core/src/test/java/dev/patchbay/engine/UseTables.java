package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.WAIT;
import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;
import static dev.patchbay.engine.Lives.GENERATION;
import static dev.patchbay.engine.Lives.NOW;
import static dev.patchbay.engine.Lives.PLUGIN;
import static dev.patchbay.engine.Row.CLEAN_UP;
import static dev.patchbay.engine.Row.DISABLE;
import static dev.patchbay.engine.Row.ENABLE;
import static dev.patchbay.engine.Row.FORCED_DISABLE;
import static dev.patchbay.engine.Row.FORCED_REMOVE;
import static dev.patchbay.engine.Row.HALT;
import static dev.patchbay.engine.Row.REMOVE;
import static dev.patchbay.engine.Row.SET;
import static dev.patchbay.engine.Row.TIMEOUT;
import static dev.patchbay.engine.Row.stopped;

import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What commands about the use of a plugin mean, and what its use stands against, in every state. */
final class UseTables {
    private static final Holder PASSING = Holder.passing("one", "volume db");
    private static final Holder DURABLE = Holder.durable("two", "network web");
    private static final Holders BOTH = Holders.of(List.of(PASSING, DURABLE));
    private static final Life IDLE = Lives.unwanted();
    private static final Life FREE = Lives.wanted();
    private static final Life HELD = FREE.heldBy(BOTH);

    private static final Command HOLD = acquire("docker.VolumeDriver/1.0", PASSING);
    private static final Command HOLD_DURABLY = acquire("volumedriver", DURABLE);
    private static final Command RELEASE = new Command.Release(PLUGIN, "one");
    private static final Command RELEASE_DURABLE = new Command.Release(PLUGIN, "two");
    private static final Command RELEASE_NONE = new Command.Release(PLUGIN, "three");
    private static final Command LET_GO = new Command.LetGo(PLUGIN, "one");
    private static final Command UPGRADE = new Command.Upgrade(PLUGIN, Versions.delivery(2));
    private static final Command ROLL_BACK = new Command.RollBack(PLUGIN);

    private static final Refusal IN_USE = new Refusal.InUse("sample:latest", BOTH);
    private static final Refusal DISABLED = new Refusal.Conflict("sample:latest", Kind.DISABLED,
            "plugin sample:latest found but disabled");
    private static final Refusal NOT_NOW = new Refusal.Unavailable("sample:latest",
            "plugin sample:latest is enabled, but does not run now; try again later");

    private UseTables() {}

    static Stream<Row> rows() {
        return Stream.of(free(), held(), crowded(),
                unavailable("restoring", new PluginState.Restoring(HELD)),
                unavailable("restarting", new PluginState.Starting(HELD, Cause.RESTART, TIMEOUT)),
                unavailable("crashed", new PluginState.Ending(HELD, Next.RETRY, Optional.empty())),
                unavailable("backing off", new PluginState.BackingOff(HELD, NOW)),
                unavailable("stuck but wanted", new PluginState.Stuck(HELD)),
                disabled("stopped", new PluginState.Stopped(IDLE)),
                disabled("starting for an enable", new PluginState.Starting(IDLE, Cause.ENABLE, TIMEOUT)),
                disabled("switching off", new PluginState.Ending(IDLE, Next.REST, Optional.empty())),
                beingRemoved(), removing(), left()).flatMap(rows -> rows);
    }

    private static Stream<Row> free() {
        var state = new PluginState.Running(FREE);
        return Stream.of(
                row("free", state, HOLD, accept(new Fact.Held(PLUGIN, PASSING)).answering()),
                row("free", state, HOLD_DURABLY,
                        accept(new Fact.HeldDurably(PLUGIN, DURABLE)).answering()),
                row("free", state, acquire("networkdriver", PASSING), refuse(lacks("networkdriver"))),
                row("free", state, acquire("docker.volumedriver/1.1", PASSING),
                        refuse(lacks("volumedriver/1.1"))),
                row("free", state, acquire("docker.volumedriver/2.0", PASSING),
                        refuse(lacks("volumedriver/2.0"))),
                row("free", state, acquire("other.volumedriver/1.0", PASSING),
                        refuse(lacks("other.volumedriver"))),
                row("free", state, RELEASE,
                        accept(new Fact.ReleasedDurably(PLUGIN, "one")).answering()),
                row("free", state, LET_GO, IGNORED));
    }

    /** The same holder again counts once; another one with its id is refused. */
    private static Stream<Row> held() {
        var state = new PluginState.Running(HELD);
        Holder other = Holder.passing("two", "somebody else");
        return Stream.concat(Stream.of(
                row("held", state, HOLD, accept(new Fact.Held(PLUGIN, PASSING)).answering()),
                row("held", state, HOLD_DURABLY,
                        accept(new Fact.HeldDurably(PLUGIN, DURABLE)).answering()),
                row("held", state, acquire("volumedriver", other), refuse(new Refusal.Conflict(
                        "sample:latest", Kind.EXISTS,
                        "plugin sample:latest is held by \"two\" already, as another holder: \"network web\""))),
                row("held", state, FORCED_DISABLE, accept(new Fact.SwitchedOff(PLUGIN),
                        new Fact.StopRequested(PLUGIN, GENERATION, Next.REST, BOTH)).doing(CLEAN_UP)
                        .parking()),
                row("held", state, FORCED_REMOVE,
                        accept(new Fact.StopRequested(PLUGIN, GENERATION, Next.REMOVE)).doing(CLEAN_UP)
                                .parking()),
                row("held", state, HALT,
                        accept(new Fact.StopRequested(PLUGIN, GENERATION, Next.HALT)).doing(CLEAN_UP))),
                Stream.concat(releases("held", state), stands("held", state)));
    }

    private static Stream<Row> crowded() {
        var crowd = Holders.of(IntStream.range(0, UseRules.MOST_HOLDERS)
                .mapToObj(number -> Holder.passing("h" + number, "crowd"))
                .toList());
        return Stream.of(new Row("crowded, one more", new PluginState.Running(FREE.heldBy(crowd)), HOLD,
                refuse(new Refusal.Unavailable("sample:latest",
                        "plugin sample:latest has too many users: 4096 hold it"))));
    }

    /** Those who hold it hold it over a crash, and nobody else gets hold of it. */
    private static Stream<Row> unavailable(String title, PluginState state) {
        return Stream.of(
                Stream.of(row(title, state, HOLD, refuse(NOT_NOW)),
                        row(title, state, HOLD_DURABLY, refuse(NOT_NOW))),
                releases(title, state), stands(title, state)).flatMap(rows -> rows);
    }

    private static Stream<Row> releases(String title, PluginState state) {
        return Stream.of(
                row(title, state, RELEASE, accept(new Fact.Released(PLUGIN, "one")).answering()),
                row(title, state, RELEASE_DURABLE,
                        accept(new Fact.ReleasedDurably(PLUGIN, "two")).answering()),
                row(title, state, RELEASE_NONE,
                        accept(new Fact.ReleasedDurably(PLUGIN, "three")).answering()),
                row(title, state, LET_GO, accept(new Fact.Released(PLUGIN, "one"))));
    }

    private static Stream<Row> stands(String title, PluginState state) {
        return Stream.of(DISABLE, REMOVE, UPGRADE, ROLL_BACK)
                .map(command -> row(title, state, command, refuse(IN_USE)));
    }

    private static Stream<Row> disabled(String title, PluginState state) {
        return Stream.of(row(title, state, HOLD, refuse(DISABLED)),
                row(title, state, HOLD_DURABLY, refuse(DISABLED)),
                row(title, state, RELEASE, accept().answering()),
                row(title, state, LET_GO, IGNORED));
    }

    /** By force, or it would have been refused: those who come wait what becomes of it. */
    private static Stream<Row> beingRemoved() {
        var state = new PluginState.Ending(HELD, Next.REMOVE, Optional.empty());
        return Stream.of(
                row("being removed", state, DISABLE, WAIT), row("being removed", state, REMOVE, WAIT),
                row("being removed", state, HOLD, refuse(NOT_NOW)),
                row("being removed", state, stopped(GENERATION),
                        accept(new Fact.Disabled(PLUGIN, GENERATION), new Fact.Removed(PLUGIN, BOTH))
                                .doing(new Effect.Purge(PLUGIN))));
    }

    private static Stream<Row> removing() {
        var state = new PluginState.Removing(IDLE);
        return Stream.of(row("removing", state, HOLD, refuse(new Refusal.NotFound("sample:latest"))),
                row("removing", state, RELEASE, accept().answering()),
                row("removing by force", new PluginState.Removing(FREE), RELEASE, accept().answering()),
                row("removing", state, LET_GO, IGNORED));
    }

    private static Stream<Row> left() {
        var state = new PluginState.Left(new PluginState.Running(HELD));
        return Stream.of(HOLD, RELEASE, DISABLE, REMOVE, ENABLE, SET)
                .map(command -> row("left alone", state, command, refuse(new Refusal.Closing())));
    }

    private static Refusal lacks(String capability) {
        return new Refusal.Conflict("sample:latest", Kind.LACKS_CAPABILITY,
                "plugin sample:latest does not provide \"" + capability + "\" capability");
    }

    private static Command acquire(String capability, Holder holder) {
        return new Command.Acquire(PLUGIN, InterfaceType.asked(capability), holder);
    }

    private static Row row(String title, PluginState state, Command command, Decision expected) {
        return new Row(title + ", " + command, state, command, expected);
    }
}
