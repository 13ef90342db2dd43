package dev.patchbay.executor;

import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.plugin.PluginId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Containers in memory, whose behaviour a test scripts for each plugin ({@link #script}). All that it does happens on one
 * worker of the scheduler it is given, so under a {@code VirtualTimeScheduler} it runs in virtual time.
 *
 * <p>Like the bundled sample plugin, each container prints {@value #OUT_LINE} and {@value #ERR_LINE} when it starts.
 */
public final class FakeRuntimeExecutor implements RuntimeExecutor {
    /** The first line that each container prints to stdout. */
    public static final String OUT_LINE = "sample: started";

    /** The first line that each container prints to stderr. */
    public static final String ERR_LINE = "sample: this line goes to stderr";

    private static final int MAX_SOCKET_PATH_BYTES = 107;

    /** A signal that was asked for, sent or not. */
    public record SentSignal(PluginId plugin, int generation, Signal signal) {}

    private final Scheduler scheduler;
    private final Scheduler.Worker worker;
    private final Sinks.Many<ExitSignal> exits = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<LogLine> output = Sinks.many().multicast().directBestEffort();
    private final Map<PluginId, FakeBehaviour> scripts = new ConcurrentHashMap<>();
    private final List<ContainerRequest> starts = new CopyOnWriteArrayList<>();
    private final List<SentSignal> signals = new CopyOnWriteArrayList<>();
    private final List<PluginId> deletes = new CopyOnWriteArrayList<>();
    private final Map<PluginId, FakeContainer> containers = new HashMap<>(); // worker only
    private final Map<PluginId, List<LogLine>> logs = new HashMap<>(); // worker only
    private final Map<PluginId, List<FluxSink<LogLine>>> followers = new HashMap<>(); // worker only
    private final Map<PluginId, ExitSignal> lastExits = new HashMap<>(); // worker only
    private volatile List<RunningContainer> live = List.of();
    private volatile Optional<Throwable> defect = Optional.empty();
    private volatile boolean closesNever;
    private volatile Duration presentAfter = Duration.ZERO;
    private long nextPid = 1000; // worker only

    /** Makes one whose time and thread are the scheduler's. */
    public FakeRuntimeExecutor(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.worker = scheduler.createWorker();
    }

    /** Sets how containers of this plugin behave that are started from now on, and how its deletes end. */
    public void script(PluginId plugin, FakeBehaviour behaviour) {
        scripts.put(plugin, behaviour);
    }

    /** Lets every start and delete fail with this from now on, as a defective executor would. */
    public void breakWith(Throwable error) {
        defect = Optional.of(error);
    }

    /** Makes it sound again. */
    public void repair() {
        defect = Optional.empty();
    }

    /** Lets {@link #present} answer so late. */
    public void tellPresentAfter(Duration delay) {
        presentAfter = delay;
    }

    /** Lets {@link #close} never end. */
    public void hangWhenClosed() {
        closesNever = true;
    }

    /** Containers whose process runs. */
    public List<RunningContainer> liveContainers() {
        return live;
    }

    /** All starts that were subscribed, failed ones too, oldest first. */
    public List<ContainerRequest> starts() {
        return List.copyOf(starts);
    }

    /** All signals that were asked for, oldest first. */
    public List<SentSignal> signals() {
        return List.copyOf(signals);
    }

    /** All plugins whose delete was asked for, oldest first. */
    public List<PluginId> deletes() {
        return List.copyOf(deletes);
    }

    /** Ends a plugin's running container now. Nothing happens if there is none. */
    public void end(PluginId plugin, ExitStatus status) {
        run(() -> Optional.ofNullable(containers.get(plugin)).ifPresent(it -> end(it, status)));
    }

    /** Tells the last end of a plugin once more, as a defective executor would. */
    public void repeatExit(PluginId plugin) {
        run(() -> Optional.ofNullable(lastExits.get(plugin)).ifPresent(this::emit));
    }

    /** Lets a plugin's running container print a line. Nothing happens if there is none. */
    public void print(PluginId plugin, LogLine.Stream stream, String text) {
        run(() -> Optional.ofNullable(containers.get(plugin))
                .filter(it -> !it.ended)
                .ifPresent(it -> print(it, stream, text)));
    }

    @Override
    public Mono<RunningContainer> start(ContainerRequest request) {
        return Mono.create(sink -> {
            starts.add(request);
            if (defect.isPresent()) {
                sink.error(defect.get());
                return;
            }
            FakeBehaviour behaviour = behaviour(request.plugin());
            if (behaviour.hangs()) {
                return;
            }
            sink.onCancel(later(behaviour.startsAfter(), () -> begin(request, behaviour, sink)));
        });
    }

    private void begin(ContainerRequest request, FakeBehaviour behaviour, MonoSink<RunningContainer> sink) {
        PluginId plugin = request.plugin();
        remove(plugin);
        if (behaviour.failsAt().isPresent()) {
            sink.error(failed(plugin, behaviour.failsAt().get(), "as scripted"));
            return;
        }
        var container = new FakeContainer(request, behaviour, nextPid++);
        containers.put(plugin, container);
        publishLive();
        print(container, LogLine.Stream.STDOUT, OUT_LINE);
        print(container, LogLine.Stream.STDERR, ERR_LINE);
        behaviour.listensAfter().ifPresent(delay -> later(delay, () -> listen(container)));
        behaviour.ends().ifPresent(end -> later(end.after(), () -> end(container, end.status())));
        sink.success(container.running);
    }

    private void listen(FakeContainer container) {
        if (!container.ended) {
            container.listening = true;
            container.awaiting.forEach(MonoSink::success);
            container.awaiting.clear();
        }
    }

    @Override
    public Mono<TakeOver> takeOver(ContainerRequest wanted) {
        return Mono.just(new TakeOver.Nothing(0));
    }

    @Override
    public Mono<Void> awaitListening(PluginId plugin, Path socket) {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
            return Mono.error(() -> failed(plugin, Step.DIAL, "the path is too long"));
        }
        return Mono.create(sink -> run(() -> {
            FakeContainer container = containers.get(plugin);
            if (container == null || container.ended) {
                return; // nobody will ever listen: the caller's limit ends this
            }
            if (container.listening) {
                sink.success();
            } else {
                container.awaiting.add(sink);
                sink.onDispose(() -> run(() -> container.awaiting.remove(sink)));
            }
        }));
    }

    @Override
    public Mono<Void> signal(PluginId plugin, int generation, Signal signal) {
        return onWorker(() -> {
            signals.add(new SentSignal(plugin, generation, signal));
            FakeContainer container = containers.get(plugin);
            if (container != null && container.request.generation() == generation && !container.ended) {
                deliver(container, signal);
            }
        });
    }

    private void deliver(FakeContainer container, Signal signal) {
        switch (signal) {
            case TERM -> container.behaviour
                    .endsOnTerm()
                    .ifPresent(end -> later(end.after(), () -> end(container, end.status())));
            case KILL -> end(container, new ExitStatus.Signaled(Signal.KILL.number(), false));
        }
    }

    @Override
    public Mono<Void> delete(PluginId plugin) {
        return defect.<Mono<Void>>map(Mono::error).orElseGet(() -> onWorker(() -> {
            deletes.add(plugin);
            if (behaviour(plugin).deleteFails()) {
                throw failed(plugin, Step.DELETE, "as scripted");
            }
            remove(plugin);
        }));
    }

    private void remove(PluginId plugin) {
        FakeContainer container = containers.get(plugin);
        if (container != null) {
            end(container, new ExitStatus.Signaled(Signal.KILL.number(), false));
            containers.remove(plugin);
        }
    }

    @Override
    public Mono<Void> forget(PluginId plugin) {
        return onWorker(() -> {
            logs.remove(plugin);
        });
    }

    @Override
    public Flux<ExitSignal> exits() {
        return exits.asFlux();
    }

    @Override
    public Flux<LogLine> output() {
        return output.asFlux()
                .onBackpressureBuffer(OUTPUT_BUFFER, _ -> {}, BufferOverflowStrategy.DROP_LATEST);
    }

    @Override
    public Flux<LogLine> logs(PluginId plugin, LogQuery query) {
        return Flux.create(sink -> run(() -> {
            List<LogLine> lines = logs.getOrDefault(plugin, List.of())
                    .stream()
                    .filter(line -> matches(line, query))
                    .toList();
            int skipped = Math.max(0, lines.size() - query.tail().orElse(lines.size()));
            lines.subList(skipped, lines.size()).forEach(sink::next);
            if (!query.follow()) {
                sink.complete();
                return;
            }
            followers.computeIfAbsent(plugin, _ -> new ArrayList<>()).add(sink);
            sink.onDispose(() -> run(() -> followers.getOrDefault(plugin, new ArrayList<>()).remove(sink)));
        }));
    }

    private static boolean matches(LogLine line, LogQuery query) {
        return query.since().map(since -> !line.time().isBefore(since)).orElse(true);
    }

    @Override
    public Flux<PluginId> present() {
        return Mono.<List<PluginId>>create(
                sink -> later(presentAfter, () -> sink.success(List.copyOf(containers.keySet()))))
                .flatMapIterable(it -> it);
    }

    @Override
    public Mono<String> check() {
        return Mono.fromSupplier(() -> "fake 1.0");
    }

    @Override
    public Mono<Void> close() {
        return closesNever ? Mono.never() : Mono.fromRunnable(worker::dispose);
    }

    private void end(FakeContainer container, ExitStatus status) {
        if (container.ended) {
            return;
        }
        container.ended = true;
        container.listening = false;
        publishLive();
        var exit = new ExitSignal(
                container.request.plugin(),
                container.request.generation(),
                status,
                now(),
                List.copyOf(container.lastErrorLines));
        lastExits.put(container.request.plugin(), exit);
        container.behaviour.exitSignals().forEach(delay -> later(delay, () -> emit(exit)));
    }

    private void emit(ExitSignal exit) {
        exits.tryEmitNext(exit).orThrow();
    }

    private void print(FakeContainer container, LogLine.Stream stream, String text) {
        PluginId plugin = container.request.plugin();
        var line = new LogLine(plugin, now(), stream, text);
        container.remember(line);
        logs.computeIfAbsent(plugin, _ -> new ArrayList<>()).add(line);
        output.tryEmitNext(line); // best effort: nobody listening is no failure
        List.copyOf(followers.getOrDefault(plugin, List.of())).forEach(follower -> follower.next(line));
    }

    private void publishLive() {
        live = containers.values()
                .stream()
                .filter(it -> !it.ended)
                .map(it -> it.running)
                .toList();
    }

    private FakeBehaviour behaviour(PluginId plugin) {
        return scripts.getOrDefault(plugin, FakeBehaviour.LISTENS);
    }

    private Instant now() {
        return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    }

    private static StepFailed failed(PluginId plugin, Step step, String cause) {
        String message = "cannot " + step.name().toLowerCase(java.util.Locale.ROOT) + " the container: "
                + cause;
        return new StepFailed(plugin, step, message, Optional.empty(), null);
    }

    private Mono<Void> onWorker(Runnable task) {
        return Mono.create(sink -> run(() -> {
            try {
                task.run();
                sink.success();
            } catch (ExecutorException failure) {
                sink.error(failure);
            }
        }));
    }

    private void run(Runnable task) {
        later(Duration.ZERO, task);
    }

    private reactor.core.Disposable later(Duration delay, Runnable task) {
        return delay.isZero()
                ? worker.schedule(task)
                : worker.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
