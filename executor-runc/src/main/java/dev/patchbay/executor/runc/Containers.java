package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ContainerUsage;
import dev.patchbay.executor.ExecutorException;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.Signal;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers that this process started or took over, one slot for each plugin. All methods block; those that change a plugin's
 * container take its slot's lock, so that the undoing of a cancelled start and a delete never meet.
 */
final class Containers {
    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Cgroups cgroups;
    private final GroupUsage usage;
    private final Remover remover;
    private final Unrecorded unrecorded;
    private final Starter starter;
    private final Traces traces;
    private final Logs logs;
    private final ExitWatch exitWatch;
    private final Consumer<ExitSignal> exits;
    private final Map<PluginId, Slot> slots = new ConcurrentHashMap<>();
    private final GroupParents groupParents;

    /** Makes one that tells each end of a container once, on the log thread. */
    Containers(
            RuncExecutorConfig config, Layout layout, Logs logs, ExitWatch exitWatch,
            Consumer<ExitSignal> exits)
            throws IOException {
        this.config = config;
        this.layout = layout;
        this.logs = logs;
        this.exitWatch = exitWatch;
        this.exits = exits;
        this.cgroups = Cgroups.ofThisMachine();
        this.usage = new GroupUsage(cgroups);
        this.groupParents = new GroupParents(cgroups);
        this.unrecorded = new Unrecorded(config, layout, cgroups);
        this.remover = new Remover(config, layout, cgroups, unrecorded);
        this.starter = new Starter(config, layout, remover);
        this.traces = new Traces(config, layout, usage);
    }

    RunningContainer start(ContainerRequest request, Turn turn) throws InterruptedException {
        PluginId plugin = request.plugin();
        Slot slot = slot(plugin);
        slot.lock.lockInterruptibly();
        try {
            clearTheWay(request, slot);
            Logs.Session log = log(plugin);
            Starter.Started started = started(request, log, turn);
            Live live = add(slot, started.record(), started.process(), log);
            Process monitor = started.monitor();
            exitWatch.child(monitor, () -> tellEnd(slot, live, Processes.exitCode(monitor)));
            return live.running();
        } finally {
            slot.lock.unlock();
        }
    }

    private void clearTheWay(ContainerRequest request, Slot slot) throws InterruptedException {
        PluginId plugin = request.plugin();
        try {
            Bundle.prepareRoots(layout, config.runtimes().keySet());
            Optional<String> group = Bundle.cgroupsPath(request.spec());
            if (group.isPresent()) {
                unrecorded.end(new Unrecorded.Place(plugin, group.get(), recorded(plugin, slot),
                        Optional.of(request.rootfs())));
            }
            if (slot.live.isPresent() || remover.leftovers(plugin)) {
                LOG.info("plugin {}: removing what an earlier start left", plugin);
                remove(plugin, slot);
            }
        } catch (AnothersContainer e) {
            throw failed(plugin, Step.PREPARE, "it would not run alone: " + e.getMessage(), e);
        } catch (IOException | TimeoutException e) {
            throw failed(plugin, Step.PREPARE,
                    "what an earlier start left cannot be removed: " + reason(e), e);
        }
    }

    private Optional<ContainerRecord> recorded(PluginId plugin, Slot slot) throws IOException {
        return slot.live.isPresent()
                ? slot.live.map(Live::record)
                : ContainerRecord.read(layout.bundle(plugin)).filter(it -> it.plugin().equals(plugin));
    }

    private Logs.Session log(PluginId plugin) {
        try {
            return logs.begin(plugin);
        } catch (IOException e) {
            throw failed(plugin, Step.PREPARE, "its log cannot be opened: " + reason(e), e);
        }
    }

    private Starter.Started started(ContainerRequest request, Logs.Session log, Turn turn)
            throws InterruptedException {
        boolean done = false;
        try {
            var output = new Starter.Output(log.file(), log.start());
            Starter.Started started = starter.start(request, output, turn);
            done = true;
            return started;
        } finally {
            if (!done) {
                abandon(request.plugin(), log);
            }
        }
    }

    private static void abandon(PluginId plugin, Logs.Session log) {
        try {
            log.abandon();
        } catch (IOException e) {
            LOG.warn("plugin {}: its log cannot be let go", plugin, e);
        }
    }

    private Live add(Slot slot, ContainerRecord record, ProcessIdentity process, Logs.Session log) {
        record.making().places().cgroupsPath().ifPresent(groupParents::above);
        var live = new Live(record, process, log);
        slot.live = Optional.of(live);
        return live;
    }

    private void tellEnd(Slot slot, Live live, String clue) {
        slot.ended(live, usage); // before anybody can hear of the end, and have its control group removed
        ExitStatus status = ending(live, clue);
        var at = config.clock().instant();
        live.log().finish(lastErrors -> {
            var exit = new ExitSignal(live.record().plugin(), live.generation(), status, at, lastErrors);
            exits.accept(exit);
            live.ended().complete(exit);
        });
    }

    private ExitStatus ending(Live live, String clue) {
        try {
            return traces.ending(live.record().plugin(), live.process(), clue,
                    live.killedHere());
        } catch (InterruptedException _) {
            return new ExitStatus.Unknown("the executor was closed");
        } catch (IOException e) {
            return new ExitStatus.Unknown("how it ended cannot be found out: " + e.getMessage());
        } catch (RuntimeException | Error e) { // whatever it is, the exit must be told
            LOG.error("plugin {}: how it ended cannot be found out", live.record().plugin(), e);
            return new ExitStatus.Unknown("how it ended cannot be found out: " + e);
        }
    }

    /**
     * Takes over what an earlier process left.
     *
     * @param wanted what a start would be asked for now, if that can be said
     */
    TakeOver takeOver(PluginId plugin, Optional<ContainerRequest> wanted) throws InterruptedException {
        Slot slot = slot(plugin);
        slot.lock.lockInterruptibly();
        try {
            return slot.live.isPresent() ? known(slot.live.get(), wanted) : found(slot, plugin, wanted);
        } catch (IOException | TimeoutException e) {
            throw failed(plugin, Step.TAKE_OVER,
                    "what there is of its container cannot be told: " + e.getMessage(), e);
        } finally {
            slot.lock.unlock();
        }
    }

    private TakeOver known(Live live, Optional<ContainerRequest> wanted)
            throws IOException, InterruptedException, TimeoutException {
        if (!live.process().alive()) {
            awaitTold(live); // what has ended must not be said to run while its end is on its way
            if (!live.ended().isDone()) {
                throw new IOException("it has ended, and its end is not told yet");
            }
        }
        return live.ended().isDone()
                ? new TakeOver.Ended(live.ended().join())
                : new TakeOver.Running(live.running(), isAs(wanted, live.record()));
    }

    private boolean isAs(Optional<ContainerRequest> wanted, ContainerRecord record) throws IOException {
        return wanted.isEmpty() || Bundle.isAs(wanted.get(), layout, record.making());
    }

    private TakeOver found(Slot slot, PluginId plugin, Optional<ContainerRequest> wanted)
            throws IOException, InterruptedException, TimeoutException {
        return switch (traces.look(plugin)) {
            case Traces.Found.Nothing(int generation) -> new TakeOver.Nothing(generation);
            case Traces.Found.Ended(var record, var status, var at) -> new TakeOver.Ended(
                    new ExitSignal(plugin, record.generation(), status, at,
                            logs.lastErrors(plugin, record.making().logStart())));
            case Traces.Found.Alive alive -> adopt(slot, alive, wanted);
        };
    }

    private TakeOver adopt(Slot slot, Traces.Found.Alive found, Optional<ContainerRequest> wanted)
            throws IOException {
        PluginId plugin = found.record().plugin();
        boolean asWanted = isAs(wanted, found.record());
        Logs.Session log = logs.resume(plugin, found.record().making().logStart());
        Live live = add(slot, found.record(), found.process(), log);
        try {
            exitWatch.stranger(plugin, found.monitor(), () -> tellEnd(slot, live, ""));
        } catch (IOException e) {
            slot.live = Optional.empty();
            abandon(plugin, log);
            throw e;
        }
        return new TakeOver.Running(live.running(), asWanted);
    }

    /**
     * Those whose first process runs.
     *
     * @throws IOException if that cannot be told of one of them
     */
    List<RunningContainer> running() throws IOException {
        var running = new ArrayList<RunningContainer>();
        for (Slot slot : slots.values()) {
            Optional<Live> live = slot.live;
            if (live.isPresent() && live.get().process().alive()) {
                running.add(live.get().running());
            }
        }
        return running;
    }

    /** Reads, for each plugin, what its last containers used that have ended, and what the one uses that has not. */
    List<Supplier<List<ContainerUsage>>> usage() {
        return slots.values()
                .stream()
                .<Supplier<List<ContainerUsage>>>map(slot -> () -> slot.usage(usage))
                .toList();
    }

    void signal(PluginId plugin, int generation, Signal signal) {
        Optional<Live> live = Optional.ofNullable(slots.get(plugin))
                .flatMap(slot -> slot.live)
                .filter(it -> it.generation() == generation);
        if (live.isEmpty() || live.get().ended().isDone()) {
            return;
        }
        try {
            switch (signal) {
                case KILL -> live.get().kill(cgroups);
                case TERM -> {
                    boolean _ = live.get().process().signal(signal); // there may be nobody any more to send it to
                }
            }
        } catch (IOException e) {
            throw failed(plugin, Step.SIGNAL, "it cannot be sent " + signal + ": " + e.getMessage(), e);
        }
    }

    void delete(PluginId plugin) throws InterruptedException {
        Slot slot = slot(plugin);
        slot.lock.lockInterruptibly();
        try {
            if (slot.live.isEmpty()) {
                endUnrecorded(plugin, slot);
            }
            remove(plugin, slot);
        } catch (IOException | TimeoutException e) {
            throw failed(plugin, Step.DELETE, "its container cannot be removed: " + e.getMessage(), e);
        } finally {
            slot.lock.unlock();
        }
    }

    // Without a record nobody knows the group, but where it would be: its name is the plugin's.
    private void endUnrecorded(PluginId plugin, Slot slot) throws IOException, InterruptedException {
        Optional<ContainerRecord> record = recorded(plugin, slot);
        Set<String> groups = record.isPresent()
                ? record.get().making().places().cgroupsPath().map(Set::of).orElse(Set.of())
                : cgroups.named(plugin.hex());
        for (String group : groups) {
            try {
                unrecorded.end(new Unrecorded.Place(plugin, group, record, Optional.empty()));
            } catch (AnothersContainer e) {
                LOG.warn("plugin {}: leaving alone what is not its: {}", plugin, e.getMessage());
            }
        }
    }

    private void remove(PluginId plugin, Slot slot)
            throws IOException, InterruptedException, TimeoutException {
        if (slot.live.isPresent()) {
            Live live = slot.live.get();
            if (!live.ended().isDone()) {
                live.kill(cgroups);
                awaitTold(live);
            }
        }
        if (slot.live.isPresent() || remover.hasSomething(plugin)) {
            remover.remove(plugin, slot.live.map(Live::record));
        }
        slot.live = Optional.empty();
    }

    // The exit file must not go before it was read, nor the log be taken over by the next container.
    private void awaitTold(Live live) throws IOException, InterruptedException, TimeoutException {
        try {
            live.ended().get(config.limits().kill().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            if (!live.process().alive()) {
                // A log on a disk that hangs, say: its end is told late or never, but it has ended and can be removed.
                LOG.error("plugin {}: generation {} has ended, and its end was not told within {}",
                        live.record().plugin(), live.generation(),
                        Processes.readable(config.limits().kill()));
                return;
            }
            var late = new TimeoutException(
                    "process " + live.process().pid() + " did not end within "
                            + Processes.readable(config.limits().kill()) + " of SIGKILL");
            late.initCause(e);
            throw late;
        }
    }

    void forget(PluginId plugin) {
        try {
            logs.forget(plugin);
        } catch (IOException e) {
            throw failed(plugin, Step.LOGS, "its log cannot be removed: " + e.getMessage(), e);
        }
        // Not while somebody is at work in it: a second slot would let two of them meet.
        slots.computeIfPresent(plugin, (_, slot) -> slot.isIdle() ? null : slot);
    }

    /** Of how many plugins something is remembered. */
    int remembered() {
        return slots.size();
    }

    List<PluginId> present() throws IOException, InterruptedException {
        var plugins = new LinkedHashSet<>(remover.present());
        plugins.addAll(unrecorded.present(Set.copyOf(plugins)));
        return List.copyOf(plugins);
    }

    /** Removes the cgroups above those of containers, where no container is left in them. */
    void removeEmptyGroups() {
        groupParents.removeEmpty();
    }

    private String reason(Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        return reason + Room.remedy(reason, layout.execRoot(), layout.logRoot());
    }

    private Slot slot(PluginId plugin) {
        return slots.computeIfAbsent(plugin, _ -> new Slot());
    }

    private static ExecutorException failed(PluginId plugin, Step step, String message, Exception cause) {
        return new StepFailed(plugin, step, message, Optional.empty(), cause);
    }
}
