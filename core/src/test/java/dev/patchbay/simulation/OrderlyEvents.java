package dev.patchbay.simulation;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.Machine.Container;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A subscriber of one process. */
final class OrderlyEvents implements Invariant {
    /** What the events of a plugin say about it so far. */
    private record Told(Phase phase, int generation) {}

    private enum Phase {
        UNKNOWN, STARTING, UP, DOWN
    }

    private final World world;
    private String epoch;
    private final Map<PluginId, Told> told = new HashMap<>();
    private final Set<PluginId> removed = new HashSet<>();
    private long last;

    OrderlyEvents(World world, Cursor head) {
        this.world = world;
        this.epoch = head.epoch();
        this.last = head.seq();
    }

    @Override
    public String sentence() {
        return "events of one plugin are in order and true, and their numbers have no gaps";
    }

    void hear(PluginEvent event) {
        world.trace().tell("event " + event.type().wireName(), event.pluginHex(), event.generation());
        if (!event.cursor().epoch().equals(epoch)) {
            epoch = event.cursor().epoch(); // the journal failed, or works again
            last = 0;
        }
        if (event.cursor().seq() != ++last) {
            broken(event, "has the place " + event.cursor() + " instead of " + last);
        }
        if (event.plugin().isEmpty()) {
            return;
        }
        PluginId plugin = event.plugin().get();
        if (removed.contains(plugin)) {
            broken(event, "comes after the end");
        }
        Told before = told.getOrDefault(plugin, new Told(Phase.UNKNOWN, 0));
        if (event.generation() < before.generation()) {
            broken(event, "comes after one of generation " + before.generation());
        }
        told.put(plugin, new Told(next(event, before), event.generation()));
    }

    private Phase next(PluginEvent event, Told before) {
        return switch (event.type()) {
            case START ->
                after(event, before.phase() != Phase.STARTING && before.phase() != Phase.UP, Phase.STARTING);
            case ENABLE -> after(event, isStarting(event, before), Phase.UP);
            // What was taken over from an earlier process was not started in this epoch.
            case RECOVER ->
                after(event, before.phase() == Phase.UNKNOWN || isStarting(event, before), Phase.UP);
            case START_FAILED ->
                after(event, before.phase() == Phase.UNKNOWN || isStarting(event, before), Phase.DOWN);
            case CRASH -> after(event, before.phase() != Phase.STARTING && isOver(event), Phase.DOWN);
            case STOP, STOP_FAILED, BACKOFF, DISABLE -> Phase.DOWN;
            case REMOVE -> {
                removed.add(event.plugin().orElseThrow());
                yield Phase.DOWN;
            }
            case STABLE -> after(event, before.phase() == Phase.UP, Phase.UP);
            case PULL, CREATE -> after(event, before.phase() == Phase.UNKNOWN, Phase.DOWN);
            case UPGRADE, ROLLBACK, SET, PUSH, RESTORE_FAILED, EXIT -> before.phase();
            case PRIVILEGE_REFUSED, COLLECT, ENGINE_STARTED, ENGINE_STOPPING, RESTORED, AUTHZ_BYPASSED,
                    VOLUME_CREATE, VOLUME_MOUNT, VOLUME_UNMOUNT, VOLUME_DESTROY, VOLUME_PRUNE ->
                before.phase();
        };
    }

    private static boolean isStarting(PluginEvent event, Told before) {
        return before.phase() == Phase.STARTING && before.generation() == event.generation();
    }

    /** Whoever is said to have crashed does not run. */
    private boolean isOver(PluginEvent event) {
        Optional<Container> container = world.machine().find(event.plugin().orElseThrow());
        return container.filter(Container::isRunning)
                .filter(it -> it.generation() == event.generation())
                .isEmpty();
    }

    private Phase after(PluginEvent event, boolean right, Phase next) {
        if (!right) {
            broken(event, "cannot be true after " + told.get(event.plugin().orElseThrow()));
        }
        return next;
    }

    private void broken(PluginEvent event, String how) {
        EventType type = event.type();
        world.witness().broken(this, type.wireName() + " of " + event.pluginHex() + " " + how);
    }
}
