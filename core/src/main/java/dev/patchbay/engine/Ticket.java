package dev.patchbay.engine;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import java.util.concurrent.atomic.AtomicReference;

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

    private enum State {
        OPEN, DELIVERED, OVER
    }

    private final PluginId plugin;
    private final Claim claim;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

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

    /** What was staged is on its way to the state thread, whose answer counts from now on. */
    void deliver() {
        boolean _ = state.compareAndSet(State.OPEN, State.DELIVERED); // one that is over stays so
    }

    /**
     * Ends the attempt unless it has been delivered.
     *
     * @return whether it is over now, and nothing will come of it
     */
    boolean giveUp() {
        return state.compareAndSet(State.OPEN, State.OVER) || isOver();
    }

    /** The attempt is over, however it ended. */
    void end() {
        state.set(State.OVER);
    }

    boolean isOver() {
        return state.get() == State.OVER;
    }
}
