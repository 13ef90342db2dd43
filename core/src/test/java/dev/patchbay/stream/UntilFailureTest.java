package dev.patchbay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class UntilFailureTest {
    private final Sinks.Empty<Void> other = Sinks.empty();
    private final TestPublisher<Integer> source = TestPublisher.create();
    private final IllegalStateException failure = new IllegalStateException("given up");

    @Test
    void cancelsAStreamAndFailsAlike() {
        StepVerifier.create(UntilFailure.of(source.flux(), other.asMono()))
                .then(() -> source.next(1))
                .expectNext(1)
                .then(() -> other.tryEmitError(failure))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(failure))
                .verify();

        source.assertCancelled();
        assertThat(other.currentSubscriberCount()).isZero();
    }

    @Test
    void cancelsWorkAndFailsAlike() {
        StepVerifier.create(UntilFailure.of(source.mono(), other.asMono()))
                .then(() -> other.tryEmitError(failure))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(failure))
                .verify();

        source.assertCancelled();
    }

    @Test
    void leavesAStreamItsOwnEnd() {
        StepVerifier.create(UntilFailure.of(Flux.just(1, 2), other.asMono()))
                .expectNext(1, 2)
                .verifyComplete();
        StepVerifier.create(UntilFailure.of(Flux.just(1).concatWith(Mono.error(failure)), other.asMono()))
                .expectNext(1)
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(failure))
                .verify();
        StepVerifier.create(UntilFailure.of(Mono.<Integer>empty(), other.asMono())).verifyComplete();

        assertThat(other.currentSubscriberCount()).isZero();
    }

    @Test
    void goesOnWhenTheOtherCompletes() {
        StepVerifier.create(UntilFailure.of(source.flux(), other.asMono()))
                .then(other::tryEmitEmpty)
                .then(() -> source.next(1).complete())
                .expectNext(1)
                .verifyComplete();
    }

    @Test
    void failsAtOnceIfTheOtherHasFailed() {
        other.tryEmitError(failure);

        StepVerifier.create(UntilFailure.of(source.flux(), other.asMono()))
                .verifyErrorMatches(failure::equals);
        StepVerifier.create(UntilFailure.of(source.mono(), other.asMono()))
                .verifyErrorMatches(failure::equals);
    }

    @Test
    void asksForNoMoreThanOneBeyondTheDemandAndPassesCancellationOn() {
        StepVerifier.create(UntilFailure.of(source.flux(), other.asMono()), 2)
                .then(() -> source.assertMaxRequested(3))
                .thenCancel()
                .verify();

        source.assertCancelled();
        assertThat(other.currentSubscriberCount()).isZero();
    }
}
