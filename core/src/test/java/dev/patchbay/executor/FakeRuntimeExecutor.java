package dev.patchbay.executor;

import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.plugin.PluginId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Containers in memory, whose behaviour a test scripts for each plugin ({@link #script}). All that it does happens on one
 * worker of the scheduler it is given, so under a {@code VirtualTimeScheduler} it runs in virtual time.
 *
 * <p>The containers are on a {@link FakeMachine} and outlive the executor: after {@link #vanish} or {@link #close}, one that
 * is made on the same machine finds them.
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

    private final FakeMachine machine;
    private final FakeWork work;
    private final FakeClaim claim;
    private final Sinks.Many<ExitSignal> exits = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Many<LogLine> output = Sinks.many().multicast().directBestEffort();
    private final List<ContainerRequest> starts = new CopyOnWriteArrayList<>();
    private final List<PluginId> takeOvers = new CopyOnWriteArrayList<>();
    private final List<SentSignal> signals = new CopyOnWriteArrayList<>();
    private final List<PluginId> deletes = new CopyOnWriteArrayList<>();
    private final Map<PluginId, ExitSignal> lastExits = new HashMap<>(); // worker only
    private volatile boolean closesNever;
    private volatile Duration presentAfter = Duration.ZERO;
    private final AtomicInteger failingListings = new AtomicInteger();
    private final AtomicInteger failingChecks = new AtomicInteger();

    private final FakeUsage usage = new FakeUsage();

    /** Makes one on a machine of its own, whose time and thread are the scheduler's. */
    public FakeRuntimeExecutor(Scheduler scheduler) {
        this(new FakeMachine(scheduler));
    }

    /** Makes one on a machine where there may be containers already. */
    public FakeRuntimeExecutor(FakeMachine machine) {
        this.machine = machine;
        this.work = new FakeWork(machine);
        this.claim = new FakeClaim(machine, work);
    }

    /** What outlives this executor. */
    public FakeMachine machine() {
        return machine;
    }

    /** Sets how containers of this plugin behave that are started from now on, and how steps on them end. */
    public void script(PluginId plugin, FakeBehaviour behaviour) {
        machine.script(plugin, behaviour);
    }

    /** Lets every start, take-over and delete fail with this from now on, as a defective executor would. */
    public void breakWith(Throwable error) {
        work.defect(Optional.of(error));
    }

    /** Makes it sound again. */
    public void repair() {
        work.defect(Optional.empty());
    }

    /** How {@link #claim} goes. */
    public FakeClaim claims() {
        return claim;
    }

    /** Lets {@link #present} answer so late. */
    public void tellPresentAfter(Duration delay) {
        presentAfter = delay;
    }

    /** Lets {@link #present} and {@link #running} fail so often, all together. */
    public void failListings(int times) {
        failingListings.set(times);
    }

    /** Lets {@link #check} fail so often. */
    public void failChecks(int times) {
        failingChecks.set(times);
    }

    /** Whether it was closed, or has vanished. */
    public boolean isGone() {
        return work.isGone();
    }

    /** Lets {@link #close} never end. */
    public void hangWhenClosed() {
        closesNever = true;
    }

    /**
     * Goes away as a killed process does: answers nothing more, tells no exits, finishes no start. Containers run on; a
     * start in progress leaves its trace.
     */
    public void vanish() {
        work.vanish();
        claim.release();
    }

    /** Containers whose process runs, on the whole machine. */
    public List<RunningContainer> liveContainers() {
        return machine.liveContainers();
    }

    /** All starts that were subscribed, failed ones too, oldest first. */
    public List<ContainerRequest> starts() {
        return List.copyOf(starts);
    }

    /** All plugins whose take-over was asked for, oldest first. */
    public List<PluginId> takeOvers() {
        return List.copyOf(takeOvers);
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
        machine.end(plugin, status);
    }

    /** Tells the last end of a plugin once more, as a defective executor would. */
    public void repeatExit(PluginId plugin) {
        work.run(() -> Optional.ofNullable(lastExits.get(plugin)).ifPresent(this::emit));
    }

    /** Lets a plugin's running container print a line. Nothing happens if there is none. */
    public void print(PluginId plugin, LogLine.Stream stream, String text) {
        machine.print(plugin, stream, text);
    }

    /** The machine. */
    @Override
    public Mono<Void> claim() {
        return claim.claim();
    }

    @Override
    public Mono<RunningContainer> start(ContainerRequest request) {
        return Mono.defer(() -> {
            if (work.isGone()) {
                return Mono.never();
            }
            starts.add(request);
            if (work.defect().isPresent()) {
                return Mono.error(work.defect().get());
            }
            PluginId plugin = request.plugin();
            FakeBehaviour behaviour = machine.behaviour(plugin);
            work.run(() -> machine.begin(request));
            Sinks.One<RunningContainer> answer = Sinks.one();
            Disposable begin = behaviour.hangsAt().contains(Step.START)
                    ? Disposables.single()
                    : work.later(behaviour.startsAfter(), () -> begin(request, behaviour, answer));
            return answer.asMono().doOnCancel(() -> {
                begin.dispose();
                work.run(() -> machine.giveUp(plugin));
            });
        });
    }

    private void begin(ContainerRequest request, FakeBehaviour behaviour,
            Sinks.One<RunningContainer> answer) {
        machine.remove(request.plugin());
        var _ = behaviour.startFailsAt().isPresent()
                ? answer.tryEmitError(
                        FakeWork.failed(request.plugin(), behaviour.startFailsAt().get(), "as scripted"))
                : answer.tryEmitValue(machine.add(request, this));
    }

    @Override
    public Mono<TakeOver> takeOver(ContainerRequest wanted) {
        return takeOver(wanted.plugin(), container -> container.isAs(wanted));
    }

    @Override
    public Mono<TakeOver> takeOver(PluginId plugin) {
        return takeOver(plugin, _ -> true);
    }

    private Mono<TakeOver> takeOver(PluginId plugin, Predicate<FakeContainer> asWanted) {
        return work.step(plugin, Step.TAKE_OVER, () -> takeOvers.add(plugin), () -> {
            if (machine.behaviour(plugin).failsAt().contains(Step.TAKE_OVER)) {
                throw FakeWork.failed(plugin, Step.TAKE_OVER, "as scripted");
            }
            return Optional.of(found(plugin, asWanted));
        });
    }

    private TakeOver found(PluginId plugin, Predicate<FakeContainer> asWanted) {
        Optional<FakeContainer> found = machine.container(plugin);
        if (found.isEmpty()) {
            return new TakeOver.Nothing(machine.traceOf(plugin));
        }
        FakeContainer container = found.get();
        container.owner = this;
        return container.exit.<TakeOver>map(TakeOver.Ended::new)
                .orElseGet(() -> new TakeOver.Running(container.running, asWanted.test(container)));
    }

    @Override
    public Flux<RunningContainer> running() {
        return listed(Duration.ZERO, () -> machine.runningOf(this));
    }

    @Override
    public Mono<Void> awaitListening(PluginId plugin, Path socket) {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
            return Mono.error(() -> FakeWork.failed(plugin, Step.DIAL, "the path is too long"));
        }
        // Of one that has ended nobody will ever listen: the caller's limit ends this.
        return Mono.create(sink -> work.run(() -> machine.container(plugin)
                .filter(it -> !it.ended())
                .ifPresent(container -> {
                    Runnable answer = () -> {
                        if (!work.isGone()) {
                            sink.success();
                        }
                    };
                    container.whenListening(answer);
                    sink.onDispose(() -> work.run(() -> container.awaiting.remove(answer)));
                })));
    }

    @Override
    public Mono<Void> signal(PluginId plugin, int generation, Signal signal) {
        var asked = new SentSignal(plugin, generation, signal);
        return work.step(plugin, Step.SIGNAL, () -> signals.add(asked), () -> {
            machine.container(plugin)
                    .filter(it -> it.request.generation() == generation && !it.ended())
                    .ifPresent(it -> machine.deliver(it, signal));
            return Optional.empty();
        });
    }

    @Override
    public Mono<Void> delete(PluginId plugin) {
        return work.step(plugin, Step.DELETE, () -> deletes.add(plugin), () -> {
            if (machine.behaviour(plugin).failsAt().contains(Step.DELETE)) {
                throw FakeWork.failed(plugin, Step.DELETE, "as scripted");
            }
            machine.remove(plugin);
            return Optional.empty();
        });
    }

    @Override
    public Mono<Void> forget(PluginId plugin) {
        return work.step(plugin, Step.LOGS, () -> {}, () -> {
            machine.forgetLog(plugin);
            return Optional.empty();
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
        return Flux.create(sink -> work.run(() -> {
            machine.log(plugin, query).forEach(sink::next);
            if (!query.follow()) {
                sink.complete();
                return;
            }
            Consumer<LogLine> follower = line -> {
                if (!work.isGone()) {
                    sink.next(line);
                }
            };
            machine.follow(plugin, follower);
            sink.onDispose(() -> work.run(() -> machine.unfollow(plugin, follower)));
        }));
    }

    @Override
    public Flux<PluginId> present() {
        return listed(presentAfter, () -> List.copyOf(machine.present()));
    }

    private <T> Flux<T> listed(Duration delay, Supplier<List<T>> list) {
        return work.list(delay, () -> {
            if (happens(failingListings)) {
                throw new IllegalStateException("the folder cannot be read");
            }
            return list.get();
        });
    }

    private static boolean happens(AtomicInteger times) {
        return times.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public Flux<PluginId> logged() {
        return work.list(presentAfter, () -> List.copyOf(machine.logged()));
    }

    /** What containers use. */
    public FakeUsage usages() {
        return usage;
    }

    @Override
    public Flux<ContainerUsage> usage() {
        return usage.told();
    }

    @Override
    public Mono<String> check() {
        return Mono.fromSupplier(() -> {
            if (happens(failingChecks)) {
                throw new ExecutorException.RuntimeUnusable("runc is not installed", null);
            }
            return "fake 1.0";
        });
    }

    @Override
    public Mono<Void> close() {
        return closesNever ? Mono.never() : Mono.fromRunnable(this::vanish);
    }

    /** Hears of the end of a container that it started or took over. */
    void ended(ExitSignal exit, List<Duration> delays) { // worker only
        lastExits.put(exit.plugin(), exit);
        delays.forEach(delay -> work.later(delay, () -> emit(exit)));
    }

    /** Hears of a line of a container that it started or took over. */
    void printed(LogLine line) { // worker only
        if (!work.isGone()) {
            output.tryEmitNext(line); // best effort: nobody listening is no failure
        }
    }

    private void emit(ExitSignal exit) {
        exits.tryEmitNext(exit).orThrow();
    }
}
