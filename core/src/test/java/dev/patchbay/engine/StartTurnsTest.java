package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.engine.EngineWorld.Asked;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class StartTurnsTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final StartTurns turns = new StartTurns(Duration.ofMinutes(5), time);

    @AfterEach
    void ends() {
        time.dispose();
    }

    @Test
    void aStartThatHangsFailsWithItsLimit() {
        var start = new Asked<>(turns.of(Mono.never()));
        time.advanceTimeBy(Duration.ofMinutes(5).minusMillis(1));
        assertThat(start.isOver()).isFalse();
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(start.error()).hasMessage("starting its container took longer than 300s");
    }

    @Test
    void whoWaitsInAQueueThatMovesIsNotOverdue() {
        Sinks.One<String> first = Sinks.one();
        Sinks.One<String> second = Sinks.one();
        Sinks.One<String> third = Sinks.one();
        var a = new Asked<>(turns.of(first.asMono()));
        var b = new Asked<>(turns.of(second.asMono()));
        var c = new Asked<>(turns.of(third.asMono()));
        time.advanceTimeBy(Duration.ofMinutes(4));
        first.tryEmitValue("a").orThrow();
        time.advanceTimeBy(Duration.ofMinutes(4));
        second.tryEmitEmpty().orThrow();
        time.advanceTimeBy(Duration.ofMinutes(4));
        third.tryEmitValue("c").orThrow();
        assertThat(a.value() + c.value()).isEqualTo("ac");
        b.done();
    }

    @Test
    void whoComesLaterDoesNotProlongTheTimeOfOneThatHangs() {
        var hung = new Asked<>(turns.of(Mono.never()));
        for (int i = 0; i < 5; i++) {
            time.advanceTimeBy(Duration.ofMinutes(1));
            new Asked<>(turns.of(Mono.just("later"))).done();
        }
        assertThat(hung.error()).hasMessageContaining("300s");
    }

    @Test
    void whereNothingMovesAllAreOverdueAtOnce() {
        var first = new Asked<>(turns.of(Mono.never()));
        var second = new Asked<>(turns.of(Mono.never()));
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(first.isOver()).isTrue();
        assertThat(second.isOver()).isTrue();
    }
}
