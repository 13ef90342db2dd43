package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.engine.Progress.Teller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What subscribers of every pace see of some work. */
class ProgressTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicReference<Teller<String>> teller = new AtomicReference<>();
    private final Sinks.One<String> result = Sinks.one();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    @AfterEach
    void dispose() {
        time.dispose();
    }

    private Flux<String> progress() {
        return Progress.of(time, it -> {
            teller.set(it);
            return result.asMono().doOnCancel(() -> cancelled.set(true));
        });
    }

    private void tell(String subject, String step) {
        teller.get().tell(subject, step);
        time.advanceTime();
    }

    private void end() {
        assertThat(result.tryEmitValue("done").isSuccess()).isTrue();
        time.advanceTime();
    }

    /** Passes signals on, cancelled or not. */
    private record RelayPastCancelling(Subscriber<? super String> actual) implements CoreSubscriber<String> {
        @Override
        public void onSubscribe(Subscription subscription) {
            actual.onSubscribe(Operators.emptySubscription());
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String value) {
            actual.onNext(value);
        }

        @Override
        public void onError(Throwable error) {
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }

    /** Asks for as much as it is told to. */
    private static final class Slow extends BaseSubscriber<String> {
        final List<String> seen = new ArrayList<>();
        final List<String> ends = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(String value) {
            seen.add(value);
        }

        @Override
        protected void hookOnComplete() {
            ends.add("complete");
        }

        @Override
        protected void hookOnError(Throwable error) {
            ends.add(String.valueOf(error.getMessage()));
        }
    }

    private Slow slow() {
        var slow = new Slow();
        progress().subscribe(slow);
        time.advanceTime();
        return slow;
    }

    private void ask(Slow slow, long n) {
        slow.request(n);
        time.advanceTime();
    }

    @Test
    void aQuickSubscriberSeesEveryStepAndThenTheResult() {
        var quick = slow();
        ask(quick, Long.MAX_VALUE);

        tell("a", "a1");
        tell("b", "b1");
        tell("a", "a2");
        end();

        assertThat(quick.seen).containsExactly("a1", "b1", "a2", "done");
        assertThat(quick.ends).containsExactly("complete");
    }

    @Test
    void aSlowSubscriberSeesTheNewestStepOfEachSubjectInTheirOrder() {
        var slow = slow();
        tell("first", "first");
        for (int i = 0; i < 10_000; i++) {
            tell("a", "a" + i);
            tell("b", "b" + i);
        }
        end();
        assertThat(slow.seen).isEmpty();
        assertThat(slow.ends).isEmpty();

        ask(slow, 1);
        assertThat(slow.seen).containsExactly("first");
        ask(slow, 3);
        assertThat(slow.seen).containsExactly("first", "a9999", "b9999", "done");
        assertThat(slow.ends).containsExactly("complete");
    }

    @Test
    void nothingFollowsTheEndD22() {
        var quick = slow();
        ask(quick, Long.MAX_VALUE);
        end();

        tell("a", "late");
        tell("b", "later");

        assertThat(quick.seen).containsExactly("done");
        assertThat(quick.ends).containsExactly("complete");
    }

    @Test
    void aStepThatIsToldWhileTheResultWaitsIsDropped() {
        var slow = slow();
        tell("a", "a1");
        end();
        tell("b", "late");
        ask(slow, 10);

        assertThat(slow.seen).containsExactly("a1", "done");
    }

    @Test
    void aStepThatIsToldBetweenTheResultAndTheEndIsDropped() {
        var seen = new ArrayList<String>();
        Progress.<String>of(time, it -> Mono.fromDirect(subscriber -> {
            subscriber.onSubscribe(Operators.emptySubscription());
            subscriber.onNext("done");
            it.tell("a", "late");
            subscriber.onComplete();
        })).subscribe(seen::add);
        time.advanceTime();

        assertThat(seen).containsExactly("done");
    }

    @Test
    void anErrorComesAfterTheStepsBeforeIt() {
        var slow = slow();
        tell("a", "a1");
        tell("b", "b1");
        assertThat(result.tryEmitError(new IllegalStateException("it broke off")).isSuccess()).isTrue();
        time.advanceTime();
        ask(slow, 10);

        assertThat(slow.seen).containsExactly("a1", "b1");
        assertThat(slow.ends).containsExactly("it broke off");
    }

    @Test
    void cancellingCancelsTheWorkAndSilencesIt() {
        var quick = slow();
        ask(quick, Long.MAX_VALUE);

        quick.cancel();
        tell("a", "a1");

        assertThat(cancelled).isTrue();
        assertThat(quick.seen).isEmpty();
    }

    @Test
    void theEndOfTheEngineIsNoNewsForOneWhoJustLeft() {
        // Work that fails as it is cancelled, as it does when caller and engine go at the same moment.
        Sinks.One<String> work = Sinks.one();
        Flux<String> steps = Progress.of(time, _ -> Mono.from(subscriber -> work.asMono()
                .subscribe(new RelayPastCancelling(subscriber))));
        List<Throwable> dropped = new ArrayList<>();

        Disposable caller = steps.contextWrite(context -> context.put("reactor.onErrorDropped.local",
                (Consumer<Throwable>) dropped::add)).subscribe(_ -> {}, dropped::add);
        caller.dispose();
        assertThat(work.tryEmitError(new EngineClosedException()).isSuccess()).isTrue();
        time.advanceTime();

        assertThat(dropped).isEmpty();
    }

    @Test
    void everySubscriptionDoesItsOwnWorkAndNothingHappensBefore() {
        var runs = new ArrayList<String>();
        Flux<String> progress = Progress.of(time, _ -> Mono.fromCallable(() -> {
            runs.add("run");
            return "done";
        }));
        assertThat(runs).isEmpty();

        progress.subscribe();
        progress.subscribe();
        time.advanceTime();

        assertThat(runs).hasSize(2);
    }

    @Test
    void workThatThrowsFailsItsSubscriber() {
        Flux<String> progress = Progress.of(time, _ -> {
            throw new IllegalStateException("no such plugin");
        });

        StepVerifier.create(progress)
                .then(time::advanceTime)
                .expectErrorMessage("no such plugin")
                .verify(PATIENCE);
    }

    @Test
    void manyTellersAtOnceNeverBreakTheOrderOfASubject() throws InterruptedException {
        Scheduler replies = Schedulers.newSingle("progress-test", true);
        Scheduler tellers = Schedulers.newParallel("tellers-test", 4, true);
        try {
            var seen = new ArrayList<String>();
            var over = new CountDownLatch(1);
            Flux<String> progress = Progress.of(replies, it -> Flux.range(0, 4)
                    .flatMap(subject -> Mono.fromRunnable(() -> {
                        for (int step = 0; step < 5000; step++) {
                            it.tell(subject, subject + ":" + step);
                        }
                    }).subscribeOn(tellers), 4)
                    .then(Mono.just("done")));
            progress.doFinally(_ -> over.countDown()).subscribe(seen::add);

            assertThat(over.await(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            assertThat(seen).last().isEqualTo("done");
            for (int subject = 0; subject < 4; subject++) {
                String prefix = subject + ":";
                var steps = seen.stream()
                        .filter(step -> step.startsWith(prefix))
                        .map(step -> Integer.parseInt(step.substring(prefix.length())))
                        .toList();
                assertThat(steps).isSorted().doesNotHaveDuplicates().last().isEqualTo(4999);
            }
        } finally {
            replies.dispose();
            tellers.dispose();
        }
    }
}
