package dev.patchbay.simulation;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.executor.Signal;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.simulation.Machine.Container;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * An executor for the containers of a {@link Machine}, for as long as one process lives. In bad times starts fail, hang, or
 * succeed without anybody hearing of it until they are given up; deletions, signals, take-overs and looks fail or hang;
 * exits are told late, twice, or never.
 */
final class SimulatedExecutor implements RuntimeExecutor {
    private final Machine machine;
    private final Surroundings around;
    private final VirtualTime time;
    private final Lanes threads;
    private final Sinks.Many<ExitSignal> exits = Sinks.many().unicast().onBackpressureBuffer();

    SimulatedExecutor(Machine machine, Surroundings around, VirtualTime time, Lanes threads) {
        this.machine = machine;
        this.around = around;
        this.time = time;
        this.threads = threads;
    }

    @Override
    public Mono<RunningContainer> start(ContainerRequest request) {
        return Mono.create(sink -> {
            machine.asked(request);
            var start = new Start(request, sink);
            sink.onCancel(start::giveUp);
            start.begin();
        });
    }

    /** One start, on its way. */
    private final class Start {
        private final ContainerRequest request;
        private final MonoSink<RunningContainer> sink;
        private @Nullable Container made;
        private boolean givenUp;

        Start(ContainerRequest request, MonoSink<RunningContainer> sink) {
            this.request = request;
            this.sink = sink;
        }

        void begin() {
            later(() -> {
                if (!givenUp && around.mutant() != Mutant.TWO_STARTS) {
                    machine.remove(request.plugin());
                }
                later(this::create);
            });
        }

        private void create() {
            if (givenUp || around.runtimeHangs()) {
                return; // or it hangs
            }
            if (around.runtimeFails(5)) {
                sink.error(failed(request.plugin(), Step.CREATE));
                return;
            }
            Container container = machine.start(request);
            container.watch(SimulatedExecutor.this::ended);
            made = container;
            if (!around.runtimeHangs()) {
                later(() -> answer(container)); // else its answer is lost
            }
        }

        private void answer(Container container) {
            if (!givenUp) {
                made = null; // from here on it is not ours to remove
                sink.success(container.told());
            }
        }

        void giveUp() {
            givenUp = true;
            Container container = made;
            if (container != null) {
                later(() -> machine.remove(container));
            }
        }
    }

    private void ended(ExitSignal exit) {
        if (around.exitIsLost() || (around.mutant() == Mutant.LOSE_EXIT && around.chance().oneIn(3))) {
            return;
        }
        boolean strange = around.hasStrangeExits();
        tell(exit, strange ? around.chance().between(0, 20 * VirtualTime.SECOND) : around.runtimePause());
        if (strange && around.chance().oneIn(2)) {
            tell(exit, around.chance().between(0, 40 * VirtualTime.SECOND));
        }
    }

    private void tell(ExitSignal exit, long delay) {
        var _ = threads.any().after(delay, () -> {
            if (exits.tryEmitNext(labelled(exit)) == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
                throw new IllegalStateException("two threads where there is one");
            }
        });
    }

    private ExitSignal labelled(ExitSignal exit) {
        return around.mutant() == Mutant.IGNORE_GENERATION
                ? machine.find(exit.plugin())
                        .map(now -> new ExitSignal(exit.plugin(), now.generation(), exit.status(), exit.at(),
                                exit.lastErrorLines()))
                        .orElse(exit)
                : exit;
    }

    @Override
    public Mono<TakeOver> takeOver(ContainerRequest wanted) {
        return takeOver(wanted.plugin(), container -> container.isLike(wanted));
    }

    @Override
    public Mono<TakeOver> takeOver(PluginId plugin) {
        return takeOver(plugin, _ -> true);
    }

    private Mono<TakeOver> takeOver(PluginId plugin, Predicate<Container> asWanted) {
        return step(plugin, Step.PREPARE, () -> {
            Optional<Container> found = machine.find(plugin);
            if (found.isEmpty() || around.mutant() == Mutant.TWO_STARTS) {
                return new TakeOver.Nothing(0);
            }
            Container container = found.get();
            if (container.isRunning()) {
                container.watch(this::ended);
                return new TakeOver.Running(container.told(), asWanted.test(container));
            }
            return container.exit()
                    .<TakeOver>map(TakeOver.Ended::new)
                    .orElseGet(() -> new TakeOver.Nothing(container.generation()));
        });
    }

    @Override
    public Flux<RunningContainer> running() {
        return Mono.<List<RunningContainer>>create(sink -> later(() -> {
            if (around.runtimeFails(6)) {
                sink.error(new IllegalStateException("the runtime is out of order"));
            } else if (!around.runtimeHangs()) {
                sink.success(watched());
            }
        })).flatMapIterable(running -> running);
    }

    private List<RunningContainer> watched() {
        List<Container> those = around.mutant() == Mutant.LOSE_EXIT ? machine.all() : machine.running();
        return those.stream().filter(Container::isWatched).map(Container::told).toList();
    }

    @Override
    public Mono<Void> awaitListening(PluginId plugin, Path socket) {
        return Mono.create(sink -> machine.find(plugin)
                .filter(container -> container.listensAt() != Long.MAX_VALUE)
                .ifPresent(container -> sink.onDispose(
                        threads.any().after(Math.max(1, container.listensAt() - time.now()), () -> {
                            if (container.isRunning()) {
                                sink.success();
                            }
                        }))));
    }

    @Override
    public Mono<Void> signal(PluginId plugin, int generation, Signal signal) {
        return step(plugin, Step.SIGNAL, () -> {
            machine.find(plugin)
                    .filter(container -> container.generation() == generation)
                    .ifPresent(container -> deliver(signal, container));
            return true;
        }).then();
    }

    private void deliver(Signal signal, Container container) {
        switch (signal) {
            case TERM -> {
                if (!container.ignoresTerm()) {
                    machine.endAfter(around.runtimePause(), container, new ExitStatus.Exited(0));
                }
            }
            case KILL -> machine.end(container, new ExitStatus.Signaled(signal.number(), false));
        }
    }

    @Override
    public Mono<Void> delete(PluginId plugin) {
        return step(plugin, Step.DELETE, () -> {
            machine.remove(plugin);
            return true;
        }).then();
    }

    @Override
    public Mono<Void> forget(PluginId plugin) {
        return Mono.empty();
    }

    @Override
    public Flux<ExitSignal> exits() {
        return exits.asFlux();
    }

    @Override
    public Flux<LogLine> output() {
        return Flux.never();
    }

    @Override
    public Flux<LogLine> logs(PluginId plugin, LogQuery query) {
        return Flux.empty();
    }

    @Override
    public Flux<PluginId> present() {
        return Mono.<List<PluginId>>create(sink -> later(() -> {
            if (around.runtimeFails(2)) {
                sink.error(new IllegalStateException("the runtime is out of order"));
            } else if (!around.runtimeHangs()) {
                sink.success(machine.all().stream().map(Container::plugin).toList());
            }
        })).flatMapIterable(plugins -> plugins);
    }

    @Override
    public Flux<PluginId> logged() {
        return Flux.empty(); // keeps no logs
    }

    @Override
    public Mono<String> check() {
        return around.runtimeFails(2)
                ? Mono.error(() -> new IllegalStateException("the runtime is out of order"))
                : Mono.just("simulated 1.0");
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(machine::nobodyWatches);
    }

    /** Something that is done once begun, unless it fails, or hangs, which is over only when it is given up. */
    private <T> Mono<T> step(PluginId plugin, Step step, java.util.function.Supplier<T> work) {
        return Mono.create(sink -> later(() -> {
            if (around.runtimeFails(6)) {
                sink.error(failed(plugin, step));
                return;
            }
            if (around.runtimeHangs()) {
                return;
            }
            T result = work.get();
            later(() -> sink.success(result));
        }));
    }

    private void later(Runnable work) {
        var _ = threads.any().after(around.runtimePause(), work);
    }

    private static StepFailed failed(PluginId plugin, Step step) {
        return new StepFailed(plugin, step, "the runtime is out of order", Optional.empty(), null);
    }
}
