package dev.patchbay.executor;

import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a fake executor does on the one worker of its machine, as long as it is there, and as a defect lets it. */
final class FakeWork {
    private final FakeMachine machine;
    private volatile Optional<Throwable> defect = Optional.empty();
    private volatile boolean gone;

    FakeWork(FakeMachine machine) {
        this.machine = machine;
    }

    /** Nothing is done or answered any more. */
    void vanish() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    void defect(Optional<Throwable> error) {
        defect = error;
    }

    /** What starts, take-overs and deletes fail with. */
    Optional<Throwable> defect() {
        return defect;
    }

    static StepFailed failed(PluginId plugin, Step step, String cause) {
        String message = "cannot " + step.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " the container: " + cause;
        return new StepFailed(plugin, step, message, Optional.empty(), null);
    }

    /** A step on a plugin's container, which ends as its behaviour says. */
    <T> Mono<T> step(PluginId plugin, Step step, Runnable asked, Supplier<Optional<T>> task) {
        return Mono.defer(() -> {
            Sinks.One<T> answer = Sinks.one(); // drops nothing when whoever asked goes in the moment of the answer
            run(() -> {
                asked.run();
                boolean defective = defect.isPresent() && (step == Step.TAKE_OVER || step == Step.DELETE);
                if (defective) {
                    var _ = answer.tryEmitError(defect.get());
                } else if (!machine.behaviour(plugin).hangsAt().contains(step)) {
                    tell(task, answer);
                }
            });
            return answer.asMono();
        });
    }

    private static <T> void tell(Supplier<Optional<T>> task, Sinks.One<T> answer) {
        try {
            var _ = answer.tryEmitValue(task.get().orElse(null));
        } catch (ExecutorException | IllegalStateException failure) {
            var _ = answer.tryEmitError(failure);
        }
    }

    /** What there is then. */
    <T> Flux<T> list(Duration delay, Supplier<List<T>> list) {
        return Mono.defer(() -> {
            Sinks.One<List<T>> answer = Sinks.one();
            later(delay, () -> tell(() -> Optional.of(list.get()), answer));
            return answer.asMono();
        }).flatMapIterable(it -> it);
    }

    void run(Runnable task) {
        later(Duration.ZERO, task);
    }

    Disposable later(Duration delay, Runnable task) {
        return machine.later(delay, () -> {
            if (!gone) {
                task.run();
            }
        });
    }
}
