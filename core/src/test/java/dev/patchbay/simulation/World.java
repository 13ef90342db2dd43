package dev.patchbay.simulation;

import static dev.patchbay.simulation.VirtualTime.MILLISECOND;
import static dev.patchbay.simulation.VirtualTime.SECOND;

import dev.patchbay.Plugins;
import dev.patchbay.UncleanCloseException;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.Invariants.CleanClose;
import dev.patchbay.simulation.Invariants.SoundEngine;
import dev.patchbay.simulation.Machine.Container;
import java.util.List;

/**
 * One machine with its disk, its containers, and the process that is to run on it, and the clients of that: brings about
 * what a {@link Plan} says.
 */
final class World {
    private static final long CLOSE_LIMIT = 200 * SECOND;

    /** What those get who read slowly, after an engine was closed, until its process ends. */
    private static final long SLOWEST_CLIENT = 2 * SECOND;

    private final long seed;
    private final VirtualTime time;
    private final Trace trace;
    private final Witness witness;
    private final Surroundings surroundings;
    private final DiskFaults faults;
    private final SimulatedDisk disk;
    private final Machine machine;
    private final Ledger ledger;
    private final KeptContent keptContent;
    private final KeptEvents keptEvents;
    private final FaithfulEvents faithful;
    private final Uniqueness uniqueness;
    private final HeldPlugins heldPlugins;
    private final Presences presences;
    private final Lane outside;
    private final Client client;
    private final Chance chance;
    private Incarnation incarnation;
    private int incarnations;
    private boolean powerGoes;
    private boolean closing;
    private boolean liveRestore;
    private boolean calm;

    World(long seed, Mutant mutant, boolean inWords) {
        this.seed = seed;
        time = new VirtualTime(new Chance(seed * 7 + 1));
        trace = new Trace(time, inWords);
        witness = new Witness(trace);
        chance = new Chance(seed * 7 + 2);
        surroundings = new Surroundings(new Chance(seed * 7 + 3), mutant);
        faults = new DiskFaults(new Chance(seed * 7 + 4), mutant);
        disk = new SimulatedDisk(new Chance(seed * 7 + 5), faults);
        outside = new Lane(time, () -> true);
        machine = new Machine(this, outside);
        ledger = new Ledger(this);
        keptContent = new KeptContent(this);
        keptEvents = new KeptEvents(new Chance(seed * 7 + 6));
        faithful = new FaithfulEvents(this);
        uniqueness = new Uniqueness(witness);
        heldPlugins = new HeldPlugins(this);
        presences = new Presences(this);
        client = new Client(this, outside);
        incarnation = new Incarnation(this, 0);
    }

    /** Begins: the first process starts, and what is planned will happen. */
    void begin(Plan plan) {
        boot();
        for (Step step : plan.steps()) {
            var _ = outside.after(step.at(), () -> happen(step));
        }
    }

    private void happen(Step step) {
        if (step.what().isAsked()) {
            if (!closing) {
                incarnation.plugins().ifPresent(plugins -> client.ask(step, plugins));
            }
            return;
        }
        trace.tell(step.what().name(), "", step.number());
        switch (step.what()) {
            case KILL -> dieSoon(false, step.number());
            case LOSE_POWER -> dieSoon(true, step.number());
            case REOPEN -> close();
            case CONTAINER_ENDS -> endOne(step.number());
            default -> {
                trouble(step, true);
                var _ = outside.after(step.duration(), () -> trouble(step, false));
            }
        }
    }

    private void trouble(Step step, boolean begins) {
        switch (step.what()) {
            case DISK_FULL -> faults.full(begins);
            case DISK_FAILS -> faults.failing(begins);
            case DISK_HANGS -> surroundings.hangingDisk(begins);
            case SLOW_DISK -> surroundings.slowDisk(begins);
            case BAD_HOST -> surroundings.badHost(begins);
            case BAD_RUNTIME -> surroundings.badRuntime(begins);
            case BAD_REGISTRY -> surroundings.badRegistry(begins);
            case STRANGE_EXITS -> surroundings.strangeExits(begins);
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    private void endOne(int number) {
        List<Container> running = machine.running();
        if (!running.isEmpty()) {
            machine.end(running.get(number % running.size()), new ExitStatus.Exited(number));
        }
    }

    /** Ends the process: now, or at one of its next steps on the disk. */
    private void dieSoon(boolean byPower, int diskSteps) {
        Incarnation dying = incarnation;
        if (diskSteps == 0 || !dying.isAlive()) {
            die(byPower);
            return;
        }
        powerGoes = byPower;
        faults.dieAfter(diskSteps - 1);
        var _ = outside.after(2 * SECOND, () -> {
            if (dying.isAlive()) {
                die(byPower);
            }
        });
    }

    /** The process is at the step on the disk that is its last. */
    void dieAtLastStep() {
        die(powerGoes);
    }

    /** The process ends here, if there is one, and another one follows. */
    void die(boolean byPower) {
        trace.tell(byPower ? "the power is lost" : "the process is killed", "");
        boolean died = incarnation.isAlive();
        end();
        if (byPower) {
            machine.losePower();
            disk.losePower();
            keptEvents.losePower();
            ledger.powerLost();
        }
        if (died) {
            var _ = outside.after(chance.between(MILLISECOND, 5 * SECOND), this::boot);
        }
    }

    /** Whether plugins are to outlive the engine when it is closed. */
    boolean isLiveRestored() {
        return liveRestore;
    }

    private void end() {
        incarnation.end();
        closing = false;
        faults.reborn();
        machine.nobodyWatches();
        ledger.processDied();
        client.processDied();
    }

    /** A process found a plugin's folder that it cannot read. */
    void unreadable(PluginId plugin) {
        trace.tell("unreadable", plugin.hex());
        uniqueness.unreadable(plugin);
        ledger.unreadable(plugin);
    }

    /** Ends a process of which something hangs for good, as its operator would. */
    void attendHanging() {
        if (incarnation.isStuck()) {
            die(false);
        }
    }

    /** From now on nothing goes wrong any more. */
    void calm() {
        calm = true;
    }

    /** Closes the engine as somebody who stops the service would, and starts it again. */
    void close() {
        incarnation.plugins().filter(_ -> !closing).ifPresent(plugins -> {
            trace.tell("close", "");
            closing = true;
            Incarnation closed = incarnation;
            List<PluginId> wanted = wanted(plugins);
            var _ = plugins.close().subscribe(_ -> {}, this::closedBadly, () -> closedWell(wanted));
            var _ = outside.after(CLOSE_LIMIT, () -> {
                if (closed.isAlive()) {
                    witness.broken(CleanClose.INSTANCE, "the engine does not end");
                }
            });
        });
    }

    private static List<PluginId> wanted(Plugins plugins) {
        return Client.list(plugins)
                .stream()
                .filter(view -> view.plugin().enabled())
                .map(view -> view.plugin().id())
                .toList();
    }

    private void closedWell(List<PluginId> wanted) {
        for (Container container : machine.running()) {
            if (!liveRestore && wanted.contains(container.plugin())) {
                witness.broken(CleanClose.INSTANCE, "the container of " + container.plugin() + " runs on");
            }
        }
        closed();
    }

    /** In bad times a plugin may not end, or the disk not answer. */
    private void closedBadly(Throwable e) {
        trace.remark(String.valueOf(e.getMessage()));
        if (!(e instanceof UncleanCloseException)) {
            fault(e);
        } else if (calm) {
            witness.broken(CleanClose.INSTANCE, String.valueOf(e.getMessage()));
        } else {
            closed();
        }
    }

    private void closed() {
        trace.tell("closed", "");
        Incarnation closed = incarnation;
        var _ = outside.after(SLOWEST_CLIENT, () -> {
            if (closed.isAlive()) {
                client.checkAnswered();
                end();
                var _ = outside.after(chance.between(MILLISECOND, 5 * SECOND), this::boot);
            }
        });
    }

    private void boot() {
        incarnation = new Incarnation(this, ++incarnations);
        trace.tell("boot", "", incarnations);
        liveRestore = chance.oneIn(3);
        var _ = incarnation.open(liveRestore).subscribe(this::opened, this::notOpened);
    }

    private void opened(Plugins plugins) {
        trace.tell("opened", "", incarnations);
        var events = new OrderlyEvents(this, plugins.head());
        var _ = plugins.events().doOnNext(faithful::know).subscribe(events::hear, this::fault);
        faithful.resume(plugins);
        presences.listen(plugins);
        ledger.check(Client.list(plugins));
        keptContent.check();
    }

    private void notOpened(Throwable e) {
        trace.tell("not opened", "");
        trace.remark(String.valueOf(e.getMessage()));
        end();
        var _ = outside.after(SECOND, this::boot);
    }

    private void fault(Throwable e) {
        witness.broken(SoundEngine.INSTANCE, e.toString());
    }

    long seed() {
        return seed;
    }

    VirtualTime time() {
        return time;
    }

    Trace trace() {
        return trace;
    }

    Witness witness() {
        return witness;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    DiskFaults faults() {
        return faults;
    }

    SimulatedDisk disk() {
        return disk;
    }

    Machine machine() {
        return machine;
    }

    Ledger ledger() {
        return ledger;
    }

    KeptContent keptContent() {
        return keptContent;
    }

    KeptEvents keptEvents() {
        return keptEvents;
    }

    Uniqueness uniqueness() {
        return uniqueness;
    }

    Presences presences() {
        return presences;
    }

    HeldPlugins heldPlugins() {
        return heldPlugins;
    }

    Client client() {
        return client;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    Lane outside() {
        return outside;
    }
}
