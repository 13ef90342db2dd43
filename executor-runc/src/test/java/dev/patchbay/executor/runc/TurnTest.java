package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.testing.DroppedSignals;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class TurnTest {
    private static final int RACES = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    @AfterEach
    void ends() {
        threads.shutdownNow();
    }

    @Test
    void whateverIsThrownReachesTheCaller() {
        for (Throwable thrown : new Throwable[]{new AssertionError("no thread"),
                new IOException("no file")}) {
            StepVerifier.create(Turn.interruptible(threads, _ -> raise(thrown)))
                    .expectErrorMatches(thrown::equals)
                    .verify(PATIENCE);
            StepVerifier.create(Turn.detached(threads, () -> raise(thrown)))
                    .expectErrorMatches(thrown::equals)
                    .verify(PATIENCE);
        }
    }

    @Test
    void aCancelInterruptsWorkThatHasNotDecided() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        Mono<String> work = Turn.interruptible(threads, _ -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return "never";
        });
        StepVerifier.create(work)
                .then(() -> await(begun))
                .thenCancel()
                .verify(PATIENCE);
        assertThat(interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noInterruptComesAfterTheDecision() throws InterruptedException {
        var decided = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        var interrupted = new AtomicBoolean();
        Mono<String> work = Turn.interruptible(threads, turn -> {
            turn.decide();
            decided.countDown();
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            over.countDown();
            return "done";
        });
        StepVerifier.create(work)
                .then(() -> await(decided))
                .thenCancel()
                .verify(PATIENCE);
        cancelled.countDown();
        assertThat(over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).isFalse();
    }

    @Test
    void whatItsCallerHasLeftIsGivenBack() throws InterruptedException {
        var left = new CountDownLatch(1);
        var back = new LinkedBlockingQueue<String>();
        Mono<String> work = Turn.detached(threads, () -> {
            await(left);
            return "made";
        }, back::add);
        work.subscribe().dispose();
        left.countDown();
        assertThat(back.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("made");
    }

    @Test
    void whatItsCallerNeverAskedForIsGivenBackWhenHeGoes() throws InterruptedException {
        var back = new LinkedBlockingQueue<String>();
        var ran = new CountDownLatch(1);
        StepVerifier.create(Turn.detached(task -> {
            task.run();
            ran.countDown();
        }, () -> "made", back::add), 0)
                .expectSubscription()
                .then(() -> await(ran))
                .thenCancel()
                .verify(PATIENCE);
        assertThat(back.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("made");
    }

    @Test
    void whatItsCallerHasIsNotGivenBack() {
        var back = new LinkedBlockingQueue<String>();
        StepVerifier.create(Turn.detached(Runnable::run, () -> "made", back::add))
                .expectNext("made")
                .verifyComplete();
        assertThat(back).isEmpty();
    }

    @Test
    void withoutMoreThreadsItFails() {
        StepVerifier.create(Turn.detached(new NoThreads(1), () -> "made"))
                .expectErrorMessage("the system has no more threads")
                .verify(PATIENCE);
    }

    @Test
    void whatIsGivenUpInTheMomentWhenItIsMadeIsHisOrGivenBack() {
        for (int round = 0; round < RACES; round++) {
            var places = new LinkedBlockingQueue<String>();
            var start = new CyclicBarrier(2);
            var over = new CountDownLatch(1);
            var subscriber = new BaseSubscriber<String>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    // asked for below
                }

                @Override
                protected void hookOnNext(String value) {
                    places.add("his");
                }
            };
            Turn.detached(task -> threads.execute(() -> {
                task.run();
                over.countDown();
            }), () -> {
                start.await();
                return "made";
            }, _ -> places.add("back")).subscribe(subscriber);
            meet(start);
            if (round % 2 == 0) {
                subscriber.request(1);
            }
            subscriber.cancel();
            await(over);
            assertThat(places).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsGivenUpInTheMomentWhenItEndsIsNotReportedAsDropped(boolean fails) {
        for (int round = 0; round < RACES; round++) {
            var start = new CyclicBarrier(2);
            var over = new CountDownLatch(1);
            Disposable caller = Turn.detached(task -> threads.execute(() -> {
                task.run();
                over.countDown();
            }), () -> {
                start.await();
                if (fails) {
                    throw new IOException("failed");
                }
                return "made";
            }).flux().onErrorComplete().subscribe();
            meet(start);
            caller.dispose();
            await(over);
        }
        assertThat(DroppedSignals.expect()).isEmpty();
    }

    @Test
    void whatBringsNothingCompletes() {
        StepVerifier.create(Turn.detached(threads, () -> null)).expectComplete().verify(PATIENCE);
    }

    private static void meet(CyclicBarrier start) {
        try {
            start.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (BrokenBarrierException | InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStartWithoutThreadsFails() {
        StepVerifier.create(Turn.interruptible(new NoThreads(1), _ -> "made"))
                .expectErrorMessage("the system has no more threads")
                .verify(PATIENCE);
    }

    private static String raise(Throwable thrown) throws Exception {
        switch (thrown) {
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalArgumentException(thrown);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
