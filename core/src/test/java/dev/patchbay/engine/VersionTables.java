package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.WAIT;
import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;
import static dev.patchbay.engine.Lives.NOW;
import static dev.patchbay.engine.Lives.PLUGIN;
import static dev.patchbay.engine.Row.TIMEOUT;

import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Fact.Cause;
import dev.patchbay.engine.Fact.Next;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.reference.Digest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What commands about a plugin's versions mean, in every state. */
final class VersionTables {
    private static final Delivery NEXT = Versions.delivery(2);
    private static final Settings SET = new Settings(List.of(), List.of(), List.of("DEBUG=1"), List.of());
    private static final Digest CONFIG = Versions.digest("config1");
    private static final Digest MANIFEST = Versions.digest("manifest1");
    private static final PluginRecord PREVIOUS = Versions.record(Versions.delivery(0), SET);
    private static final Life IDLE = life(false);
    private static final Life WANTED = life(true);

    private static final Command UPGRADE = new Command.Upgrade(PLUGIN, NEXT);
    private static final Command ROLL_BACK = new Command.RollBack(PLUGIN);
    private static final Command RECORD = new Command.RecordManifest(PLUGIN, CONFIG, MANIFEST);
    private static final Command RECORD_OTHER = new Command.RecordManifest(PLUGIN, Versions.digest("else"),
            MANIFEST);
    private static final Command PUBLISHED = new Command.Published(PLUGIN, "docker.io/library/sample:latest",
            MANIFEST);

    private VersionTables() {}

    /** A plugin that was upgraded once and set afterwards. */
    private static Life life(boolean wanted) {
        PluginRecord record = Versions.record(Versions.delivery(1), SET);
        var reference = new dev.patchbay.plugin.InstalledPlugin(record.plugin().config(), wanted, PLUGIN,
                record.plugin().name(), "docker.io/library/sample:v1", SET);
        return Life.found(new PluginRecord(reference, "", Optional.of(CONFIG), record.blobsums(),
                Optional.empty(), ""), Optional.of(PREVIOUS), Lives.GENERATION, NOW);
    }

    static Stream<Row> rows() {
        return Stream.of(
                stopped(), neverUpgraded(),
                refused("restoring", new PluginState.Restoring(WANTED)), left(),
                refused("stopped but wanted", new PluginState.Stopped(WANTED)),
                waits("starting for an enable", new PluginState.Starting(IDLE, Cause.ENABLE, TIMEOUT)),
                refused("restarting", new PluginState.Starting(WANTED, Cause.RESTART, TIMEOUT)),
                refused("running", new PluginState.Running(WANTED)),
                refused("backing off", new PluginState.BackingOff(WANTED, NOW)),
                waits("switching off", new PluginState.Ending(IDLE, Next.REST, Optional.empty())),
                refused("crashed", new PluginState.Ending(WANTED, Next.RETRY, Optional.empty())),
                stuck(), removing()).flatMap(rows -> rows);
    }

    private static Stream<Row> stopped() {
        var state = new PluginState.Stopped(IDLE);
        var upgraded = new Fact.Upgraded(PLUGIN, NEXT.staged(), Versions.record(NEXT, SET),
                "docker.io/library/sample:v1", List.of());
        var back = new Fact.RolledBack(PLUGIN, PREVIOUS, "docker.io/library/sample:v1");
        return Stream.concat(
                Stream.of(row("stopped", state, UPGRADE, accept(upgraded).answering()),
                        row("stopped", state, ROLL_BACK, accept(back).answering())),
                publishing("stopped", state));
    }

    private static Stream<Row> neverUpgraded() {
        var state = new PluginState.Stopped(Lives.unwanted());
        return Stream.of(row("never upgraded", state, ROLL_BACK,
                refuse(new Refusal.Conflict("sample:latest", Kind.NO_PREVIOUS,
                        "plugin sample:latest has no previous version: it was not upgraded"))));
    }

    private static Stream<Row> refused(String title, PluginState state) {
        return Stream.concat(Stream.of(
                row(title, state, UPGRADE, refuse(new Refusal.Conflict("sample:latest", Kind.ENABLED,
                        "plugin must be disabled before upgrading: plugin sample:latest is enabled"))),
                row(title, state, ROLL_BACK, refuse(new Refusal.Conflict("sample:latest", Kind.ENABLED,
                        "plugin must be disabled before rolling back: plugin sample:latest is enabled")))),
                publishing(title, state));
    }

    private static Stream<Row> waits(String title, PluginState state) {
        return Stream.concat(Stream.of(row(title, state, UPGRADE, WAIT), row(title, state, ROLL_BACK, WAIT)),
                publishing(title, state));
    }

    private static Stream<Row> stuck() {
        var state = new PluginState.Stuck(IDLE.because("it outlived KILL"));
        return Stream.concat(Stream.of(
                row("stuck", state, UPGRADE, refuse(new Refusal.Conflict("sample:latest", Kind.STUCK,
                        "it outlived KILL; disable it again to try once more before upgrading"))),
                row("stuck", state, ROLL_BACK, refuse(new Refusal.Conflict("sample:latest", Kind.STUCK,
                        "it outlived KILL; disable it again to try once more before rolling back")))),
                publishing("stuck", state));
    }

    private static Stream<Row> removing() {
        var state = new PluginState.Removing(IDLE);
        var gone = refuse(new Refusal.NotFound("sample:latest"));
        return Stream.of(row("removing", state, UPGRADE, gone), row("removing", state, ROLL_BACK, gone),
                row("removing", state, RECORD, gone), row("removing", state, PUBLISHED, IGNORED));
    }

    private static Stream<Row> left() {
        var state = new PluginState.Left(new PluginState.Running(WANTED));
        var closing = refuse(new Refusal.Closing());
        return Stream.of(row("left", state, UPGRADE, closing), row("left", state, ROLL_BACK, closing),
                row("left", state, RECORD, closing), row("left", state, PUBLISHED, IGNORED));
    }

    /** Pushing needs nothing of a plugin but that it is there. */
    private static Stream<Row> publishing(String title, PluginState state) {
        return Stream.of(
                row(title, state, RECORD, accept(new Fact.ManifestRecorded(PLUGIN, MANIFEST)).answering()),
                row(title, state, RECORD_OTHER, accept().answering()),
                row(title, state, PUBLISHED,
                        accept(new Fact.Pushed(PLUGIN, "docker.io/library/sample:latest", MANIFEST))));
    }

    private static Row row(String title, PluginState state, Command command, Decision expected) {
        return new Row(title + ", " + command, state, command, expected);
    }
}
