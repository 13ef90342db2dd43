package dev.patchbay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testing.DroppedSignals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What takes too long is given up, and nothing is reported as dropped for that. */
@Timeout(60)
class TimeLimitTest {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();

    @AfterEach
    void dispose() {
        timers.dispose();
    }

    @Test
    void bringsWhatComesInTime() {
        TestPublisher<String> work = TestPublisher.create();
        StepVerifier.create(TimeLimit.on(work.mono(), LIMIT, timers))
                .then(() -> timers.advanceTimeBy(LIMIT.minusNanos(1)))
                .then(() -> work.emit("done"))
                .expectNext("done")
                .verifyComplete();
    }

    @Test
    void anEndWithoutAnythingIsInTimeToo() {
        StepVerifier.create(TimeLimit.on(Mono.empty(), LIMIT, timers)).verifyComplete();
    }

    @Test
    void aFailureIsPassedOn() {
        StepVerifier.create(TimeLimit.on(Mono.error(new IllegalStateException("bad day")), LIMIT, timers))
                .verifyErrorMessage("bad day");
    }

    @Test
    void whatTakesTooLongIsCancelledAndFails() {
        TestPublisher<String> work = TestPublisher.create();
        StepVerifier.create(TimeLimit.on(work.mono(), LIMIT, timers))
                .then(() -> timers.advanceTimeBy(LIMIT))
                .verifyErrorSatisfies(e -> assertThat(e).isInstanceOf(TimeoutException.class)
                        .hasMessage("no answer within 3000 ms"));
        work.assertCancelled();
    }

    @Test
    void whatTakesTooLongIsCancelledBeforeSomethingElseIsDone() {
        TestPublisher<String> work = TestPublisher.create();
        Mono<String> instead = Mono.fromSupplier(() -> {
            work.assertCancelled();
            return "instead";
        });
        StepVerifier.create(TimeLimit.on(work.mono(), LIMIT, timers, instead))
                .then(() -> timers.advanceTimeBy(LIMIT))
                .expectNext("instead")
                .verifyComplete();
    }

    @Test
    void aLimitWithinALimitIsItsOwn() {
        Mono<String> inner = TimeLimit.on(Mono.never(), LIMIT, timers, Mono.never());
        StepVerifier.create(TimeLimit.on(inner, LIMIT.multipliedBy(2), timers, Mono.just("outer")))
                .then(() -> timers.advanceTimeBy(LIMIT))
                .then(() -> timers.advanceTimeBy(LIMIT))
                .expectNext("outer")
                .verifyComplete();
    }

    @Test
    void timersThatHaveEndedCountAsTimesThatAreOver() {
        Scheduler ended = Schedulers.newSingle("ended");
        ended.dispose();
        StepVerifier.create(TimeLimit.on(Mono.never(), LIMIT, ended)).verifyError(TimeoutException.class);
    }

    @Test
    void cancellingCancelsTheWorkAndTheTimer() {
        TestPublisher<String> work = TestPublisher.create();
        TestPublisher<String> late = TestPublisher.create();
        TimeLimit.on(work.mono(), late, Mono.just("instead")).subscribe().dispose();
        work.assertCancelled();
        late.assertCancelled();
    }

    @Test
    void nothingIsTimedAnyMoreOnceTheWorkIsDone() {
        TestPublisher<String> work = TestPublisher.create();
        TestPublisher<String> late = TestPublisher.create();
        StepVerifier.create(TimeLimit.on(work.mono(), late, Mono.just("instead")))
                .then(() -> work.emit("done"))
                .expectNext("done")
                .verifyComplete();
        late.assertCancelled();
    }

    @Test
    void aStreamThatHasBegunHasAllTime() {
        TestPublisher<String> stream = TestPublisher.create();
        StepVerifier.create(TimeLimit.onFirst(stream.flux(), LIMIT, timers, Flux.just("instead")))
                .then(() -> stream.next("first"))
                .then(() -> timers.advanceTimeBy(LIMIT.multipliedBy(9)))
                .then(() -> stream.emit("second"))
                .expectNext("first", "second")
                .verifyComplete();
    }

    @Test
    void aStreamThatDoesNotBeginIsReplaced() {
        TestPublisher<String> stream = TestPublisher.create();
        StepVerifier.create(TimeLimit.onFirst(stream.flux(), LIMIT, timers, Flux.just("a", "b")))
                .then(() -> timers.advanceTimeBy(LIMIT))
                .expectNext("a", "b")
                .verifyComplete();
        stream.assertCancelled();
    }

    static Stream<Ending> endings() {
        return Stream.of(
                actual -> {
                    actual.onNext("too late");
                    actual.onComplete();
                },
                actual -> actual.onError(new IllegalStateException("too late")));
    }

    /** How work ends. */
    interface Ending {
        void end(CoreSubscriber<? super String> actual);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatComesWhileNobodyWaitsAnyMoreIsNotReportedAsDropped(Ending ending) {
        var working = new AtomicReference<CoreSubscriber<? super String>>();
        var leaving = new Leaving();
        TimeLimit.on(endless(working), LIMIT, timers).subscribe(leaving);
        leaving.cancel();
        ending.end(working.get());
        assertThat(leaving.heard).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatComesForASubscriberThatReportsItIsNotReportedAsDropped(Ending ending) {
        var working = new AtomicReference<CoreSubscriber<? super String>>();
        TimeLimit.on(endless(working), LIMIT, timers).subscribe().dispose();
        ending.end(working.get());
        assertThat(DroppedSignals.expect()).isEmpty();
    }

    /** Takes whatever comes, though it cancels. */
    private static final class Leaving implements CoreSubscriber<String> {
        private final List<String> heard = new ArrayList<>();
        private final List<Subscription> subscriptions = new ArrayList<>();

        @Override
        public void onSubscribe(Subscription subscription) {
            subscriptions.add(subscription);
            subscription.request(1);
        }

        void cancel() {
            subscriptions.forEach(Subscription::cancel);
        }

        @Override
        public void onNext(String value) {
            heard.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            heard.add("failure");
        }

        @Override
        public void onComplete() {
            // nothing that could be lost
        }
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatComesWhenItIsTooLateIsNotReportedAsDropped(Ending ending) {
        var working = new AtomicReference<CoreSubscriber<? super String>>();
        List<String> heard = new ArrayList<>();
        Disposable waiting = TimeLimit.on(endless(working), LIMIT, timers, Mono.just("instead"))
                .subscribe(heard::add);
        timers.advanceTimeBy(LIMIT);
        ending.end(working.get());
        assertThat(heard).containsExactly("instead");
        assertThat(waiting.isDisposed()).isTrue();
        assertThat(DroppedSignals.expect()).isEmpty();
    }

    /** Work that hears of no cancel, as one does that is about to bring something. */
    private static Mono<String> endless(AtomicReference<CoreSubscriber<? super String>> working) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                working.set(actual);
                actual.onSubscribe(new Subscription() {
                    @Override
                    public void request(long count) {
                        // it is coming
                    }

                    @Override
                    public void cancel() {
                        // too late for that
                    }
                });
            }
        };
    }
}
