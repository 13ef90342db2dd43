package dev.patchbay.engine;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;

/**
 * One attempt to bring content in, from the moment its place is asked for until it ends, well or not. Equal to itself
 * only. What was staged for it is handed over to the state thread in every case, which installs it if the ticket is still
 * kept, and discards it if not: so nothing is ever without an owner.
 */
final class Ticket {
    /** What is kept for an attempt: one attempt at a time has it. */
    sealed interface Claim {
        /** A name for a plugin that is yet to be. */
        record Name(PluginName name) implements Claim {}

        /** The right to upgrade a plugin that there is. */
        record Upgrade(PluginId plugin) implements Claim {}
    }

    private final PluginId plugin;
    private final Claim claim;
    private volatile boolean over;

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

    /** The attempt is over, however it ended. */
    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }
}
