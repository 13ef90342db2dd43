package dev.patchbay.executor;

import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

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
        return Mono.create(sink -> run(() -> {
            asked.run();
            boolean defective = defect.isPresent() && (step == Step.TAKE_OVER || step == Step.DELETE);
            if (defective) {
                sink.error(defect.get());
                return;
            }
            if (machine.behaviour(plugin).hangsAt().contains(step)) {
                return;
            }
            try {
                Optional<T> value = task.get();
                value.ifPresentOrElse(sink::success, sink::success);
            } catch (ExecutorException failure) {
                sink.error(failure);
            }
        }));
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
