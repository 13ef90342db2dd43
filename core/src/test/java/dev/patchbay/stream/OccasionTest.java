package dev.patchbay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

final class OccasionTest {
    private final Occasion occasion = new Occasion();
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void tellsAllWhoWaitOnce() {
        List<Disposable> all = IntStream.range(0, 3).mapToObj(_ -> waiter()).toList();
        assertThat(told).hasValue(0);
        occasion.happen();
        occasion.happen();
        assertThat(told).hasValue(3);
        assertThat(all).allMatch(Disposable::isDisposed);
        assertThat(occasion.waiting()).isZero();
    }

    @Test
    void tellsWhoComesLaterAtOnce() {
        occasion.happen();
        StepVerifier.create(occasion).verifyComplete();
        assertThat(occasion.waiting()).isZero();
    }

    @Test
    void whoLeftIsNotToldAndNotKept() {
        waiter().dispose();
        assertThat(occasion.waiting()).isZero();
        occasion.happen();
        assertThat(told).hasValue(0);
    }

    @Test
    void whoLeavesAsItComesIsNotKept() {
        Mono.firstWithSignal(Mono.empty(), occasion).block();
        StepVerifier.create(occasion, 0).thenCancel().verify();
        occasion.doOnSubscribe(subscription -> subscription.cancel()).subscribe();
        assertThat(occasion.waiting()).isZero();
    }

    @Test
    void whoComesWhileItHappensIsTold() throws ExecutionException, InterruptedException {
        for (int round = 0; round < 500; round++) {
            var once = new Occasion();
            var both = new CountDownLatch(1);
            try (var threads = Executors.newFixedThreadPool(1)) {
                Future<?> happens = threads.submit(() -> {
                    both.countDown();
                    once.happen();
                });
                both.await();
                StepVerifier.create(once).expectComplete().verify(Duration.ofSeconds(10));
                happens.get();
            }
            assertThat(once.waiting()).isZero();
        }
    }

    private Disposable waiter() {
        return occasion.doOnSuccess(_ -> told.incrementAndGet()).subscribe();
    }
}
