package dev.patchbay.simulation;

import dev.patchbay.PluginView;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.Step.What;
import java.util.List;

/**
 * What it means to hold a plugin. That an acknowledged durable hold survives any crash, and that nobody holds what nobody
 * asked to hold, is the {@link Ledger}'s; here is what holds stand against.
 */
final class HeldPlugins implements Invariant {
    private final World world;

    HeldPlugins(World world) {
        this.world = world;
    }

    @Override
    public String sentence() {
        return "a plugin that somebody holds is never disabled, exchanged or removed without force, and one that is off is held"
                + " by nobody";
    }

    /** Something was answered well. */
    void done(Attempt attempt) {
        if (attempt.isForced() || attempt.plugin().isEmpty()) {
            return;
        }
        switch (attempt.what()) {
            case DISABLE, REMOVE, UPGRADE, ROLL_BACK -> checkNobodyHeld(attempt, attempt.plugin().get());
            default -> {
            }
        }
    }

    private void checkNobodyHeld(Attempt done, PluginId plugin) {
        List<Attempt> about = world.ledger().about(plugin);
        about.stream()
                .filter(hold -> hold.what() == What.ACQUIRE && hold.isDone() && hold.precedes(done))
                .filter(hold -> about.stream().noneMatch(other -> mayHaveEnded(hold, other, done)))
                .forEach(hold -> world.witness()
                        .broken(this, done.what() + " of " + done.name() + ", held by "
                                + Client.holder(hold.number()).id()));
    }

    /** Whether another attempt may have ended a hold before one was done that it stands against. */
    private static boolean mayHaveEnded(Attempt hold, Attempt other, Attempt done) {
        if (other == done || other.isRefused() || other.precedes(hold)) {
            return false;
        }
        return switch (other.what()) {
            case RELEASE -> other.number() == hold.number();
            case DISABLE, REMOVE -> other.isForced();
            default -> false;
        };
    }

    /** Looks at one plugin. */
    void check(PluginView view) {
        if (!view.plugin().enabled() && !view.inUseBy().isEmpty()) {
            world.witness().broken(this, view.plugin().name() + " is off and held by " + view.inUseBy());
        }
    }

    /** In the end all work is over, and nobody holds a plugin for its sake. */
    void checkNoWorkLeft(PluginView view) {
        if (view.inUseBy().stream().anyMatch(holder -> !holder.durable())) {
            world.witness().broken(this, view.plugin().name() + " is still held by " + view.inUseBy());
        }
    }
}
