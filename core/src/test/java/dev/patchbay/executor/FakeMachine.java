package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * What outlives a {@link FakeRuntimeExecutor}: the containers, their logs, and the traces of starts that were not
 * finished. A second executor on the same machine finds what the first one left.
 *
 * <p>All of it happens on one worker of a scheduler, which ends with that scheduler.
 */
public final class FakeMachine {
    private final Scheduler scheduler;
    private final Scheduler.Worker worker;
    private final Map<PluginId, FakeBehaviour> scripts = new ConcurrentHashMap<>();
    private final Map<PluginId, FakeContainer> containers = new HashMap<>(); // worker only
    private final Map<PluginId, Integer> begun = new HashMap<>(); // worker only
    private final Map<PluginId, List<LogLine>> logs = new HashMap<>(); // worker only
    private final Map<PluginId, List<Consumer<LogLine>>> followers = new HashMap<>(); // worker only
    private final AtomicReference<@Nullable Object> claimant = new AtomicReference<>();
    private volatile List<RunningContainer> live = List.of();
    private long nextPid = 1000; // worker only

    /** Makes one whose time and thread are the scheduler's. */
    public FakeMachine(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.worker = scheduler.createWorker();
    }

    /** Sets how containers of this plugin behave that are started from now on, and how steps on them end. */
    public void script(PluginId plugin, FakeBehaviour behaviour) {
        scripts.put(plugin, behaviour);
    }

    /** Containers whose process runs. */
    public List<RunningContainer> liveContainers() {
        return live;
    }

    /** Ends a plugin's running container now. Nothing happens if there is none. */
    public void end(PluginId plugin, ExitStatus status) {
        run(() -> container(plugin).ifPresent(it -> end(it, status)));
    }

    /** Lets the bundle of a plugin's container be another than any start would make. Nothing happens without one. */
    public void alter(PluginId plugin) {
        run(() -> container(plugin).ifPresent(it -> it.altered = true));
    }

    /** Lets the machine start anew: no container is left, nor any trace of one but the logs. Nobody is told. */
    public void reboot() {
        run(() -> {
            containers.clear();
            begun.clear();
            publishLive();
        });
    }

    /** Lets a plugin's running container print a line. Nothing happens if there is none. */
    public void print(PluginId plugin, LogLine.Stream stream, String text) {
        run(() -> container(plugin).filter(it -> !it.ended()).ifPresent(it -> print(it, stream, text)));
    }

    /** Whether it is this executor's by now. */
    boolean claim(Object executor) {
        return claimant.compareAndSet(null, executor) || executor.equals(claimant.get());
    }

    /** Nothing happens if it is another one's. */
    void release(Object executor) {
        claimant.compareAndSet(executor, null);
    }

    FakeBehaviour behaviour(PluginId plugin) {
        return scripts.getOrDefault(plugin, FakeBehaviour.LISTENS);
    }

    Optional<FakeContainer> container(PluginId plugin) { // worker only
        return Optional.ofNullable(containers.get(plugin));
    }

    /** Leaves the trace of a start that was begun. */
    void begin(ContainerRequest request) { // worker only
        begun.put(request.plugin(), request.generation());
    }

    void giveUp(PluginId plugin) { // worker only
        begun.remove(plugin);
    }

    /** The latest start of which there is a trace, 0 if there is none. */
    int traceOf(PluginId plugin) { // worker only
        int ofContainer = container(plugin).map(it -> it.request.generation()).orElse(0);
        return Math.max(begun.getOrDefault(plugin, 0), ofContainer);
    }

    Set<PluginId> present() { // worker only
        var plugins = new TreeSet<PluginId>(java.util.Comparator.comparing(PluginId::hex));
        plugins.addAll(containers.keySet());
        plugins.addAll(begun.keySet());
        return plugins;
    }

    Set<PluginId> logged() { // worker only
        var plugins = new TreeSet<PluginId>(java.util.Comparator.comparing(PluginId::hex));
        plugins.addAll(logs.keySet());
        return plugins;
    }

    /** Those that this executor started or took over, and whose process runs. */
    List<RunningContainer> runningOf(FakeRuntimeExecutor owner) { // worker only
        return containers.values()
                .stream()
                .filter(it -> it.owner == owner && !it.ended())
                .map(it -> it.running)
                .toList();
    }

    RunningContainer add(ContainerRequest request, FakeRuntimeExecutor owner) { // worker only
        FakeBehaviour behaviour = behaviour(request.plugin());
        var container = new FakeContainer(request, behaviour, nextPid++, owner);
        begun.remove(request.plugin());
        containers.put(request.plugin(), container);
        publishLive();
        print(container, LogLine.Stream.STDOUT, FakeRuntimeExecutor.OUT_LINE);
        print(container, LogLine.Stream.STDERR, FakeRuntimeExecutor.ERR_LINE);
        behaviour.listensAfter().ifPresent(delay -> later(delay, () -> listen(container)));
        behaviour.ends().ifPresent(end -> later(end.after(), () -> end(container, end.status())));
        return container.running;
    }

    private static void listen(FakeContainer container) {
        if (!container.ended()) {
            container.listening = true;
            container.awaiting.forEach(Runnable::run);
            container.awaiting.clear();
        }
    }

    void deliver(FakeContainer container, Signal signal) { // worker only
        switch (signal) {
            case TERM -> container.behaviour
                    .endsOnTerm()
                    .ifPresent(end -> later(end.after(), () -> end(container, end.status())));
            case KILL -> end(container, new ExitStatus.Signaled(Signal.KILL.number(), false));
        }
    }

    void remove(PluginId plugin) { // worker only
        begun.remove(plugin);
        container(plugin).ifPresent(container -> {
            end(container, new ExitStatus.Signaled(Signal.KILL.number(), false));
            containers.remove(plugin);
        });
    }

    private void end(FakeContainer container, ExitStatus status) {
        if (container.ended()) {
            return;
        }
        PluginId plugin = container.request.plugin();
        var exit = new ExitSignal(
                plugin, container.request.generation(), status, now(), List.copyOf(container.lastErrorLines));
        container.exit = Optional.of(exit);
        container.listening = false;
        publishLive();
        container.owner.ended(exit, container.behaviour.exitSignals());
    }

    private void print(FakeContainer container, LogLine.Stream stream, String text) {
        PluginId plugin = container.request.plugin();
        var line = new LogLine(plugin, now(), stream, text);
        container.remember(line);
        logs.computeIfAbsent(plugin, _ -> new ArrayList<>()).add(line);
        container.owner.printed(line);
        List.copyOf(followers.getOrDefault(plugin, List.of())).forEach(follower -> follower.accept(line));
    }

    /** What there is of a plugin's log of what is asked for. */
    List<LogLine> log(PluginId plugin, LogQuery query) { // worker only
        List<LogLine> lines = logs.getOrDefault(plugin, List.of())
                .stream()
                .filter(line -> query.since().map(since -> !line.time().isBefore(since)).orElse(true))
                .toList();
        return lines.subList(Math.max(0, lines.size() - query.tail().orElse(lines.size())), lines.size());
    }

    void forgetLog(PluginId plugin) { // worker only
        logs.remove(plugin);
    }

    void follow(PluginId plugin, Consumer<LogLine> follower) { // worker only
        followers.computeIfAbsent(plugin, _ -> new ArrayList<>()).add(follower);
    }

    void unfollow(PluginId plugin, Consumer<LogLine> follower) { // worker only
        followers.getOrDefault(plugin, new ArrayList<>()).remove(follower);
    }

    private void publishLive() {
        live = containers.values()
                .stream()
                .filter(it -> !it.ended())
                .map(it -> it.running)
                .toList();
    }

    private Instant now() {
        return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    }

    private void run(Runnable task) {
        later(Duration.ZERO, task);
    }

    Disposable later(Duration delay, Runnable task) {
        return delay.isZero()
                ? worker.schedule(task)
                : worker.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
