package dev.patchbay.store;

import dev.patchbay.store.InMemoryStore.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Which operations of a store in memory fail, how long they take, and which have succeeded. */
final class StoreScript {
    private final List<Operation> done = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private volatile Optional<Delay> delay = Optional.empty();

    private record Failure(Predicate<Operation> hits, StoreException exception) {}

    private record Delay(Duration duration, Scheduler scheduler) {}

    void failNext(Predicate<Operation> hits, StoreException exception) {
        failures.add(new Failure(hits, exception));
    }

    void delay(Duration duration, Scheduler scheduler) {
        delay = Optional.of(new Delay(duration, scheduler));
    }

    void stopDelaying() {
        delay = Optional.empty();
    }

    List<Operation> done() {
        return List.copyOf(done);
    }

    <T> Mono<T> answer(Operation operation, Callable<T> work) {
        Mono<T> now = Mono.fromCallable(() -> {
            failures.stream()
                    .filter(failure -> failure.hits().test(operation))
                    .findFirst()
                    .ifPresent(failure -> {
                        failures.remove(failure);
                        throw failure.exception();
                    });
            T result = work.call();
            done.add(operation);
            return result;
        });
        return Mono.defer(
                () -> delay.map(slow -> Mono.delay(slow.duration(), slow.scheduler()).then(now)).orElse(now));
    }
}
