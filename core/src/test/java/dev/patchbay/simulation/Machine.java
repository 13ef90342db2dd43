package dev.patchbay.simulation;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.Invariants.OneContainer;
import dev.patchbay.simulation.Invariants.RisingGenerations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a machine, monitors and bundles included: they outlive the process that started them, but not a loss
 * of power.
 */
final class Machine {
    /** A container, or what is left of one. */
    static final class Container {
        private static final Pattern PROCESSES = Pattern.compile("\"pids\":\\{\"limit\":([0-9]+)}");

        private final ContainerRequest request;
        private final int processes;
        private final long pid;
        private final boolean ignoresTerm;
        private final long listensAt;
        private boolean running = true;
        private @Nullable ExitSignal exit;
        private @Nullable Consumer<ExitSignal> watcher;

        Container(ContainerRequest request, boolean isLimited, long pid, boolean ignoresTerm,
                long listensAt) {
            this.request = request;
            this.processes = isLimited ? processes(request.spec()) : 0;
            this.pid = pid;
            this.ignoresTerm = ignoresTerm;
            this.listensAt = listensAt;
        }

        PluginId plugin() {
            return request.plugin();
        }

        int generation() {
            return request.generation();
        }

        long pid() {
            return pid;
        }

        boolean isRunning() {
            return running;
        }

        boolean ignoresTerm() {
            return ignoresTerm;
        }

        /** When its socket accepts, or {@link Long#MAX_VALUE}. */
        long listensAt() {
            return listensAt;
        }

        /** How many processes it may have; 0 if that is not limited. */
        int processes() {
            return processes;
        }

        private static int processes(String spec) {
            return PROCESSES.matcher(spec)
                    .results()
                    .map(found -> Integer.parseInt(found.group(1)))
                    .findFirst()
                    .orElse(0);
        }

        /** Whether a start would make the same now. */
        boolean isLike(ContainerRequest wanted) {
            return request.spec().equals(wanted.spec());
        }

        Optional<ExitSignal> exit() {
            return Optional.ofNullable(exit);
        }

        /** Lets somebody hear of its end. */
        void watch(Consumer<ExitSignal> by) {
            watcher = by;
        }

        /** Whether the present process started it or took it over. */
        boolean isWatched() {
            return watcher != null;
        }

        RunningContainer told() {
            return new RunningContainer(plugin(), generation(), pid);
        }
    }

    private final World world;
    private final Lane lane;
    private final List<Container> containers = new ArrayList<>();
    private final Map<PluginId, Integer> newest = new HashMap<>();
    private final Set<PluginId> lost = new HashSet<>();
    private long pids = 1000;

    Machine(World world, Lane lane) {
        this.world = world;
        this.lane = lane;
    }

    /** Starts a process. */
    Container start(ContainerRequest request) {
        var live = find(request.plugin()).filter(Container::isRunning);
        live.ifPresent(other -> world.witness()
                .broken(OneContainer.INSTANCE, request.plugin() + " as "
                        + request.generation() + " while it still runs as " + other.generation()));
        Surroundings around = world.surroundings();
        Chance chance = around.chance();
        var container = new Container(request, around.mutant() != Mutant.IGNORE_LIMITS, pids++,
                chance.oneIn(15) || around.runtimeFails(5),
                around.runtimeFails(6) ? Long.MAX_VALUE : world.time().now() + around.runtimePause());
        containers.add(container);
        world.trace().tell("container", request.plugin().hex(), request.generation());
        if (around.runtimeFails(5)) {
            endAfter(around.runtimePause(), container, new ExitStatus.Exited(7));
        }
        return container;
    }

    /** Somebody asks for a start. */
    void asked(ContainerRequest request) {
        int before = newest.getOrDefault(request.plugin(), 0);
        if (request.generation() <= before) {
            world.witness()
                    .broken(RisingGenerations.INSTANCE, request.plugin() + " starts as "
                            + request.generation() + " after " + before);
        }
        newest.put(request.plugin(), request.generation());
    }

    /** The disk did not take the number of a start: the next process cannot know it. */
    void numberIsLost(PluginId plugin) {
        lost.add(plugin);
    }

    /** What there is of a plugin, the newest if there are several. */
    Optional<Container> find(PluginId plugin) {
        for (int at = containers.size() - 1; at >= 0; at--) {
            if (containers.get(at).plugin().equals(plugin)) {
                return Optional.of(containers.get(at));
            }
        }
        return Optional.empty();
    }

    /** All that there is. */
    List<Container> all() {
        return List.copyOf(containers);
    }

    List<Container> running() {
        return containers.stream().filter(Container::isRunning).toList();
    }

    /** Ends a process some time from now. */
    void endAfter(long delay, Container container, ExitStatus status) {
        var _ = lane.after(delay, () -> end(container, status));
    }

    void end(Container container, ExitStatus status) {
        if (!container.running) {
            return;
        }
        container.running = false;
        container.exit = new ExitSignal(container.plugin(), container.generation(), status,
                Instant.ofEpochMilli(world.time().now() / VirtualTime.MILLISECOND), List.of());
        world.trace().tell("exit", container.plugin().hex(), container.generation());
        if (container.watcher != null) {
            container.watcher.accept(container.exit);
        }
    }

    /** Removes what there is of a plugin. */
    void remove(PluginId plugin) {
        for (Container container : all()) {
            if (container.plugin().equals(plugin)) {
                remove(container);
            }
        }
    }

    void remove(Container container) {
        end(container, new ExitStatus.Signaled(9, false));
        containers.remove(container);
    }

    /** The process that watched is gone. */
    void nobodyWatches() {
        newest.keySet().removeAll(lost);
        lost.clear();
        containers.forEach(container -> container.watcher = null);
    }

    /** Everything is gone, the numbers of starts too as far as they were in memory only. */
    void losePower() {
        nobodyWatches();
        containers.forEach(container -> container.running = false);
        containers.clear();
        newest.clear();
    }
}
