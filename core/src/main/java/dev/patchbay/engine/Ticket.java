package dev.patchbay.engine;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt to bring content in, from the moment its place is asked for. Says to every thread alike who is in charge of
 * what is staged: the attempt until it is handed over, the state thread from then on. Equal to itself only.
 */
final class Ticket {
    /** What is kept for an attempt: one attempt at a time has it. */
    sealed interface Claim {
        /** A name for a plugin that is yet to be. */
        record Name(PluginName name) implements Claim {}

        /** The right to upgrade a plugin that there is. */
        record Upgrade(PluginId plugin) implements Claim {}
    }

    private enum Charge {
        ATTEMPT, STATE_THREAD, NOBODY
    }

    private final PluginId plugin;
    private final Claim claim;
    private final AtomicReference<Charge> charge = new AtomicReference<>(Charge.ATTEMPT);

    Ticket(PluginId plugin, Claim claim) {
        this.plugin = plugin;
        this.claim = claim;
    }

    PluginId plugin() {
        return plugin;
    }

    Claim claim() {
        return claim;
    }

    /** Puts the state thread in charge. False if the attempt is over: then the caller discards what it staged. */
    boolean handOver() {
        return charge.compareAndSet(Charge.ATTEMPT, Charge.STATE_THREAD);
    }

    /** The attempt is over, however it ended. */
    void end() {
        charge.set(Charge.NOBODY);
    }

    boolean isOver() {
        return charge.get() == Charge.NOBODY;
    }
}
