package dev.patchbay.engine;

import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.PluginState.Stopped;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plugins on their way in: a name is reserved before anything is read, so that two creates of one name cannot meet
 * (D7, D11), and turned into a plugin when everything is staged. State thread only.
 */
final class Reservations {
    /** A name that is kept; once it is being installed, with all that the plugin will be. */
    private sealed interface Reservation {
        record Kept(PluginName name) implements Reservation {}

        record Installing(Letter.Install order, PluginRecord record) implements Reservation {}
    }

    private final Effects effects;
    private final Chronicle chronicle;
    private final Map<PluginId, Reservation> byPlugin = new HashMap<>();
    private final Set<PluginName> names = new HashSet<>();

    Reservations(Effects effects, Chronicle chronicle) {
        this.effects = effects;
        this.chronicle = chronicle;
    }

    boolean isIdle() {
        return byPlugin.values().stream().noneMatch(Reservation.Installing.class::isInstance);
    }

    void reserve(Letter.Reserve order) {
        if (order.abandoned().getAsBoolean()) {
            return; // nobody waits, and nobody would ever give the name back
        }
        if (chronicle.snapshot().hasName(order.name()) || !names.add(order.name())) {
            String name = order.name().familiar();
            Replies.give(order.reply(), new Outcome.Failed(
                    new Refusal.Conflict(name, Kind.EXISTS, "plugin " + name + " already exists")));
            return;
        }
        byPlugin.put(order.plugin(), new Reservation.Kept(order.name()));
        Replies.give(order.reply(), new Outcome.Done());
    }

    void install(Letter.Install order) {
        switch (byPlugin.get(order.plugin())) {
            case Reservation.Kept(PluginName name) -> {
                var record = record(order, name);
                byPlugin.put(order.plugin(), new Reservation.Installing(order, record));
                effects.install(order.staged(), record);
            }
            // Given up meanwhile: the one who asked is gone, its staged files are not.
            case null -> {
                effects.discard(order.staged());
                Replies.give(order.reply(), new Outcome.Failed(new Refusal.NotFound(order.plugin().hex())));
            }
            case Reservation.Installing _ ->
                throw new IllegalStateException("installed twice: " + order.plugin());
        }
    }

    /** The engine is closing: nothing new is installed. */
    void refuse(Letter.Install order) {
        release(new Letter.Release(order.plugin(), Optional.of(order.staged())));
        Replies.give(order.reply(), new Outcome.Failed(new Refusal.Closing()));
    }

    void release(Letter.Release order) {
        if (byPlugin.get(order.plugin()) instanceof Reservation.Kept(PluginName name)) {
            byPlugin.remove(order.plugin());
            names.remove(name);
            order.staged().ifPresent(effects::discard);
        }
    }

    /** The new plugin's state, if the disk has taken it. */
    Optional<PluginState> installed(PluginId plugin, Optional<String> failure, Instant at) {
        if (!(byPlugin.remove(plugin) instanceof Reservation.Installing(var order, var record))) {
            throw new IllegalStateException("plugin " + plugin + " was not being installed");
        }
        names.remove(record.plugin().name());
        if (failure.isPresent()) {
            effects.discard(order.staged());
            Replies.give(order.reply(), new Outcome.Failed(new Refusal.Storage(failure.get())));
            return Optional.empty();
        }
        var life = new Life(record, 0, 0, at, Optional.empty(), List.of(), Optional.empty());
        var state = new Stopped(life);
        chronicle.show(state);
        chronicle.tellCreated(life, at, order.requestId());
        Replies.give(order.reply(), new Outcome.Done());
        return Optional.of(state);
    }

    private static PluginRecord record(Letter.Install order, PluginName name) {
        var staged = order.staged();
        // The reference is part of the first save; moby sets it afterwards and loses it (D13).
        var plugin = new InstalledPlugin(
                staged.config(),
                false,
                order.plugin(),
                name,
                name.familiar(),
                Settings.initial(staged.config()));
        return new PluginRecord(
                plugin,
                "",
                Optional.of(staged.configDigest()),
                Slice.of(staged.layers()),
                Optional.of(staged.manifestDigest()),
                "");
    }
}
