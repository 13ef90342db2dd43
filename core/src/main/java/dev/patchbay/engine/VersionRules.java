package dev.patchbay.engine;

import static dev.patchbay.engine.Decision.IGNORED;
import static dev.patchbay.engine.Decision.WAIT;
import static dev.patchbay.engine.Decision.accept;
import static dev.patchbay.engine.Decision.refuse;

import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Command.OfVersion;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import dev.patchbay.store.StagedPlugin;
import java.util.Optional;

/**
 * What commands about a plugin's content mean, in every state: they are alike wherever there is no container, and wait or
 * are refused wherever there is one.
 */
final class VersionRules {
    /** What needs a disabled plugin, in the words of moby's {@code plugin/backend_linux.go}. */
    static final String UPGRADING = "upgrading";

    private static final String ROLLING_BACK = "rolling back";

    private VersionRules() {}

    static Decision decide(PluginState state, OfVersion command) {
        Life life = state.life();
        return switch (command) {
            case Command.Upgrade c -> exchange(state, UPGRADING, upgrade(life, c.delivery()));
            case Command.RollBack _ -> exchange(state, ROLLING_BACK, rollBack(life));
            case Command.RecordManifest c ->
                state instanceof PluginState.Removing ? gone(life) : recordManifest(life, c);
            case Command.Published c ->
                state instanceof PluginState.Removing
                        ? IGNORED
                        : accept(new Fact.Pushed(life.id(), c.reference(), c.manifest()));
        };
    }

    /** What stands against a change of versions while a plugin is wanted. */
    static Refusal enabled(String name, String purpose) {
        return new Refusal.Conflict(name, Kind.ENABLED,
                "plugin must be disabled before " + purpose + ": plugin " + name + " is enabled");
    }

    /** Versions are exchanged only where nothing runs and nothing is meant to. */
    private static Decision exchange(PluginState state, String purpose, Decision exchanged) {
        Life life = state.life();
        if (life.wanted()) {
            return refuse(enabled(life.name(), purpose));
        }
        return switch (state) {
            case PluginState.Stopped _ -> exchanged;
            // Somebody starts or stops it; both end.
            case PluginState.Starting _,PluginState.Ending _ -> WAIT;
            case PluginState.Stuck _ -> refuse(new Refusal.Conflict(life.name(), Kind.STUCK,
                    life.reason().orElse("") + "; disable it again to try once more before " + purpose));
            case PluginState.Restoring _,PluginState.Running _,PluginState.BackingOff _ ->
                refuse(enabled(life.name(), purpose));
            case PluginState.Left _ -> refuse(new Refusal.Closing());
            case PluginState.Removing _ -> gone(life);
        };
    }

    private static Decision gone(Life life) {
        return refuse(new Refusal.NotFound(life.name()));
    }

    /** All of the new version in one record (D14), with the settings of this moment carried over (D17). */
    private static Decision upgrade(Life life, Delivery delivery) {
        InstalledPlugin old = life.record().plugin();
        StagedPlugin staged = delivery.staged();
        var carried = old.settings().carriedOver(old.config(), staged.config());
        var plugin = new InstalledPlugin(staged.config(), false, old.id(), old.name(),
                delivery.reference(old.name()), carried.settings());
        var record = new PluginRecord(plugin, life.record().rootfs(), Optional.of(staged.configDigest()),
                Slice.of(staged.layers()), Optional.of(staged.manifestDigest()),
                life.record().swarmServiceId());
        return accept(new Fact.Upgraded(life.id(), staged, record, old.reference(), carried.dropped()))
                .answering();
    }

    private static Decision rollBack(Life life) {
        if (life.previous().isEmpty()) {
            return refuse(new Refusal.Conflict(life.name(), Kind.NO_PREVIOUS,
                    "plugin " + life.name() + " has no previous version: it was not upgraded"));
        }
        PluginRecord previous = life.previous().get();
        InstalledPlugin then = previous.plugin();
        InstalledPlugin now = life.record().plugin();
        var plugin = new InstalledPlugin(then.config(), false, now.id(), now.name(), then.reference(),
                then.settings());
        return accept(new Fact.RolledBack(life.id(), previous.withPlugin(plugin), now.reference()))
                .answering();
    }

    /** A manifest describes one version: one that was replaced meanwhile has no use for it. */
    private static Decision recordManifest(Life life, Command.RecordManifest command) {
        boolean same = life.record().config().equals(Optional.of(command.config()));
        Optional<Digest> manifest = Optional.of(command.manifest());
        return same && !life.record().manifest().equals(manifest)
                ? accept(new Fact.ManifestRecorded(life.id(), command.manifest())).answering()
                : accept().answering();
    }
}
