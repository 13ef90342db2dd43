package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(20)
class RepetitionTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicInteger tries = new AtomicInteger();
    private final Repetition repetition = new Repetition(
            new RegistryRetries(4, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMinutes(1)),
            new Timers(time, InstantSource.system(), new Random(1)));

    @AfterEach
    void close() {
        time.dispose();
    }

    private Mono<String> failing(RegistryException failure) {
        return Mono.<String>defer(() -> {
            tries.incrementAndGet();
            return Mono.error(failure);
        }).retryWhen(repetition.asRetry());
    }

    @Test
    void pausesLongerEachTimeAndEndsD22() {
        StepVerifier.create(failing(new RegistryException.Unavailable("x", null)))
                .then(() -> assertThat(tries).hasValue(1))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(499)))
                .then(() -> assertThat(tries).hasValue(1))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(501)))
                .then(() -> assertThat(tries).hasValue(2))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(999)))
                .then(() -> assertThat(tries).hasValue(2))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(10)))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(10)))
                .expectError(RegistryException.Unavailable.class)
                .verify(Duration.ofSeconds(10));
        assertThat(tries).hasValue(4);
    }

    @Test
    void waitsAsLongAsTheRegistryAsks() {
        StepVerifier.create(failing(RegistryException.Unavailable.told("x", Duration.ofSeconds(50))))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(49_999)))
                .then(() -> assertThat(tries).hasValue(1))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .then(() -> assertThat(tries).hasValue(2))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void doesNotRepeatWhatStays() {
        StepVerifier.create(failing(new RegistryException.Broken("x", null)))
                .verifyError(RegistryException.Broken.class);
        StepVerifier.create(failing(RegistryException.Unavailable.lasting("x", new Exception())))
                .verifyError(RegistryException.Unavailable.class);
        assertThat(tries).hasValue(2);
    }

    @Test
    void endsThoughEachAttemptComesALittleFurtherD22() {
        var creeping = Mono.<String>defer(() -> {
            tries.incrementAndGet();
            repetition.progressed();
            return Mono.error(new RegistryException.Unavailable("x", null));
        }).retryWhen(repetition.asRetry());
        StepVerifier.create(creeping)
                .then(() -> {
                    for (int i = 0; i < 200; i++) {
                        time.advanceTimeBy(Duration.ofSeconds(2));
                    }
                })
                .expectError()
                .verify(Duration.ofSeconds(10));
        assertThat(tries).hasValue(4 * RegistryRetries.RESUMES_PER_ATTEMPT);
    }
}
