package dev.patchbay.simulation;

import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.simulation.Machine.Container;
import dev.patchbay.simulation.SimulatedDisk.Folder;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a world must have come to when nothing has gone wrong for a while. */
final class Settlement {
    /** About what users want. */
    enum Convergence implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "once all goes well, wanted plugins run, others do not, and the engine says so";
        }
    }

    /** About left-overs. */
    enum NothingLeft implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "no container, temporary file or blob is without an owner in the end";
        }
    }

    /** About what an engine finds. */
    enum Undisturbed implements Invariant {
        INSTANCE;

        @Override
        public String sentence() {
            return "a plugin runs on when the engine is killed, or closed with live restore; otherwise closing ends it";
        }
    }

    private final World world;

    Settlement(World world) {
        this.world = world;
    }

    /** Everything runs that is wanted, and nothing else. */
    void checkConverged(Plugins plugins) {
        List<PluginView> views = Client.list(plugins);
        world.ledger().check(views);
        world.keptContent().check();
        world.client().checkAnswered();
        views.forEach(this::check);
        views.forEach(world.heldPlugins()::checkNoWorkLeft);
        world.presences().check(views);
        Set<String> wanted = new HashSet<>();
        views.stream()
                .filter(view -> view.plugin().enabled())
                .forEach(view -> wanted.add(view.plugin().id().hex()));
        for (Container container : world.machine().all()) {
            if (!wanted.contains(container.plugin().hex())) {
                broken(NothingLeft.INSTANCE, "the container of " + container.plugin());
            }
        }
        if (world.ledger().hasUnreadable()) {
            broken(Convergence.INSTANCE, "a folder is not read again: " + plugins.health().problems());
        }
        if (!plugins.health().ready()) {
            broken(Convergence.INSTANCE, "the engine is not ready: " + plugins.health().problems());
        }
    }

    private void check(PluginView view) {
        Optional<Container> container = world.machine()
                .find(view.plugin().id())
                .filter(Container::isRunning)
                .filter(it -> it.generation() == view.status().generation());
        container.filter(it -> it.processes() != Views.processes(view))
                .ifPresent(it -> broken(Convergence.INSTANCE, view.plugin().name() + " may have "
                        + Views.processes(view) + " processes, and its container " + it.processes()));
        State expected = view.plugin().enabled() ? State.RUNNING : State.STOPPED;
        if (view.status().state() != expected || container.isPresent() != view.plugin().enabled()) {
            broken(Convergence.INSTANCE, view.plugin().name() + (view.plugin().enabled() ? " is" : " is not")
                    + " wanted and " + view.status().state().label() + ", and its container "
                    + (container.isPresent() ? "runs" : "does not run") + " "
                    + view.status().reason().orElse(""));
        }
    }

    /** Disables again what could not be stopped in bad times, as its operator would. */
    void attendStuck(Plugins plugins) {
        for (PluginView view : Client.list(plugins)) {
            if (view.status().state() == State.STUCK) {
                var _ = plugins.disable(view.plugin().id().hex(), dev.patchbay.Force.YES)
                        .subscribe(_ -> {}, e -> world.trace().remark("still stuck: " + e.getMessage()));
            }
        }
    }

    /** Which processes run. */
    Set<Long> pids() {
        Set<Long> pids = new TreeSet<>();
        world.machine().running().forEach(container -> pids.add(container.pid()));
        return pids;
    }

    /** After the engine was opened again: what was to be left alone is still the same, and nothing else is. */
    void checkDisturbed(Set<Long> before, boolean leftAlone) {
        Set<Long> both = pids();
        both.retainAll(before);
        if (leftAlone ? !both.equals(before) : !both.isEmpty()) {
            broken(Undisturbed.INSTANCE, "of the processes " + before + " the same run as before: " + both);
        }
    }

    /** After a clean start and a collection of garbage. */
    void checkClean(Plugins plugins) {
        SimulatedDisk disk = world.disk();
        Set<String> ids = new HashSet<>();
        Client.list(plugins).forEach(view -> ids.add(view.plugin().id().hex()));
        disk.top(SimulatedStore.STAGING)
                .names()
                .forEach(name -> broken(NothingLeft.INSTANCE, "staged: " + name));
        Set<String> referred = world.keptContent().referred();
        disk.top(SimulatedStore.BLOBS)
                .names()
                .stream()
                .filter(blob -> !referred.contains(blob))
                .forEach(blob -> broken(NothingLeft.INSTANCE, "blob " + blob));
        Folder folders = disk.top(SimulatedStore.PLUGINS);
        for (String folder : folders.names()) {
            if (!ids.contains(folder)) {
                broken(NothingLeft.INSTANCE, "the folder " + folder);
            }
            folders.folder(folder)
                    .names()
                    .stream()
                    .filter(name -> name.startsWith(".tmp"))
                    .forEach(name -> broken(NothingLeft.INSTANCE, folder + "/" + name));
        }
    }

    private void broken(Invariant invariant, String detail) {
        world.witness().broken(invariant, detail);
    }
}
