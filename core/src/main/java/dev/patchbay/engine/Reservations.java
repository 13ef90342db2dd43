package dev.patchbay.engine;

import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginView;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.PluginState.Stopped;
import dev.patchbay.engine.Ticket.Claim;
import dev.patchbay.event.Actor;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import dev.patchbay.store.StagedPlugin;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Content on its way in. What it claims is kept before anything is read, so that two attempts for one name (D7, D11) or
 * two upgrades of one plugin cannot meet. State thread only.
 */
final class Reservations {
    /** A plugin that is on its way to disk, with all that it will be. */
    private record Installing(Letter.Install order, Claim.Name claim, PluginRecord record, boolean overdue) {}

    private final Effects effects;
    private final Consumer<StagedPlugin> discard;
    private final Chronicle chronicle;
    private final Set<Ticket> kept = new HashSet<>();
    private final Set<Claim> claims = new HashSet<>();
    private final Map<PluginId, Installing> installing = new HashMap<>();

    Reservations(Effects effects, Consumer<StagedPlugin> discard, Chronicle chronicle) {
        this.effects = effects;
        this.discard = discard;
        this.chronicle = chronicle;
    }

    /** Whether nothing is on its way in but what nobody waits for any more: the next opening tells whether it is there. */
    boolean isIdle() {
        return kept.isEmpty() && installing.values().stream().allMatch(Installing::overdue);
    }

    void reserve(Letter.Reserve order) {
        Ticket ticket = order.ticket();
        if (ticket.isOver()) {
            return; // nobody waits, and nobody would ever give it back
        }
        Optional<Refusal> refusal = switch (ticket.claim()) {
            case Claim.Name claim -> againstName(claim);
            case Claim.Upgrade claim -> againstUpgrade(claim);
        };
        if (refusal.isPresent()) {
            chronicle.reply(order.reply(), new Outcome.Failed(refusal.get()));
            return;
        }
        claims.add(ticket.claim());
        kept.add(ticket);
        chronicle.reply(order.reply(), new Outcome.Done());
    }

    private Optional<Refusal> againstName(Claim.Name claim) {
        String name = claim.name().familiar();
        return claims.contains(claim) || chronicle.snapshot().hasName(claim.name())
                ? Optional.of(new Refusal.Conflict(name, Kind.EXISTS, "plugin " + name + " already exists"))
                : Optional.empty();
    }

    private Optional<Refusal> againstUpgrade(Claim.Upgrade claim) {
        Optional<PluginView> view = chronicle.snapshot().find(claim.plugin());
        if (view.isEmpty()) {
            return Optional.of(new Refusal.NotFound(claim.plugin().hex()));
        }
        String name = view.get().plugin().name().familiar();
        if (!view.get().inUseBy().isEmpty()) {
            return Optional.of(new Refusal.InUse(name, view.get().inUseBy()));
        }
        if (view.get().plugin().enabled()) {
            return Optional.of(VersionRules.enabled(name, VersionRules.UPGRADING));
        }
        return claims.contains(claim)
                ? Optional.of(new Refusal.Conflict(name, Kind.UPGRADING,
                        "plugin " + name + " is being upgraded"))
                : Optional.empty();
    }

    /**
     * Goes on with what is staged.
     *
     * @return what is asked of the plugin, if it is one already; the owner answers the order with that
     */
    Optional<Letter.Ask> install(Letter.Install order) {
        Ticket ticket = order.ticket();
        boolean over = ticket.isOver();
        if (over) {
            release(ticket);
        }
        if (over || !kept.remove(ticket)) {
            // Given up meanwhile: the one who asked is gone, its staged files are not.
            discard.accept(order.delivery().staged());
            chronicle.reply(order.reply(), new Outcome.Failed(new Refusal.NotFound(ticket.plugin().hex())));
            return Optional.empty();
        }
        return switch (ticket.claim()) {
            case Claim.Name claim -> {
                var record = record(order, claim.name());
                installing.put(ticket.plugin(), new Installing(order, claim, record, false));
                effects.install(order.delivery().staged(), record);
                yield Optional.empty();
            }
            // From here on the plugin's own queue keeps the order.
            case Claim.Upgrade claim -> {
                claims.remove(claim);
                var upgrade = new Command.Upgrade(ticket.plugin(), order.delivery());
                yield Optional.of(new Letter.Ask(upgrade, order.requestId(), order.reply()));
            }
        };
    }

    /** The engine is closing: nothing new is installed. */
    void refuse(Letter.Install order) {
        release(order.ticket());
        discard.accept(order.delivery().staged());
        chronicle.reply(order.reply(), new Outcome.Failed(new Refusal.Closing()));
    }

    void release(Ticket ticket) {
        if (kept.remove(ticket)) {
            claims.remove(ticket.claim());
        }
    }

    /** The one who asked for it hears why it takes so long, and no more. */
    void overdue(PluginId plugin, Outcome outcome) {
        Installing slow = installing.get(plugin);
        if (slow != null) {
            chronicle.reply(slow.order().reply(), outcome);
            installing.put(plugin,
                    new Installing(slow.order().answered(), slow.claim(), slow.record(), true));
        }
    }

    /** The new plugin's state, if the disk has taken it. */
    Optional<PluginState> installed(PluginId plugin, Optional<String> failure, Instant at) {
        Installing done = installing.remove(plugin);
        if (done == null) {
            throw new IllegalStateException("plugin " + plugin + " was not being installed");
        }
        Letter.Install order = done.order();
        claims.remove(done.claim());
        if (failure.isPresent()) {
            discard.accept(order.delivery().staged());
            chronicle.reply(order.reply(), new Outcome.Failed(new Refusal.Storage(failure.get())));
            return Optional.empty();
        }
        var life = Life.found(done.record(), Optional.empty(), 0, at);
        var state = new Stopped(life);
        chronicle.show(state);
        chronicle.tellInstalled(life, order.delivery(), at, Actor.caller(order.requestId()));
        chronicle.reply(order.reply(), new Outcome.Done());
        return Optional.of(state);
    }

    private static PluginRecord record(Letter.Install order, PluginName name) {
        var staged = order.delivery().staged();
        // The reference is part of the first save; moby sets it afterwards and loses it (D13).
        var plugin = new InstalledPlugin(
                staged.config(),
                false,
                order.ticket().plugin(),
                name,
                order.delivery().reference(name),
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
