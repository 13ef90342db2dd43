package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallRetriesTest {
    @Test
    void doublesPausesUpToTheLongest() {
        var endless = new CallRetries(Duration.ofDays(1), Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertThat(IntStream.of(1, 2, 3, 4, 5, 6, 7, 1000)
                .mapToObj(failures -> endless.pause(failures, Duration.ZERO).orElseThrow().toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void makesFiveAttemptsWithinFifteenSecondsAsDocker() {
        var elapsed = Duration.ZERO;
        int attempts = 1;
        for (var pause = CallRetries.DEFAULT.pause(attempts, elapsed); pause
                .isPresent(); pause = CallRetries.DEFAULT.pause(attempts, elapsed)) {
            elapsed = elapsed.plus(pause.get());
            attempts++;
        }
        assertThat(attempts).isEqualTo(5);
        assertThat(elapsed).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void givesUpWhenTheBudgetIsSpent() {
        assertThat(CallRetries.DEFAULT.pause(1, Duration.ofSeconds(29))).isEmpty();
        assertThat(CallRetries.DEFAULT.pause(1, Duration.ofSeconds(28))).contains(Duration.ofSeconds(1));
        var none = new CallRetries(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertThat(none.pause(1, Duration.ZERO)).isEmpty();
    }

    @Test
    void countsWithTimesThatNobodyLivesToSeeEnd() {
        Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
        assertThat(new CallRetries(ever, Duration.ofDays(100_000), ever).pause(1000, ever)).isEmpty();
        assertThat(new CallRetries(ever, ever, ever).pause(1, Duration.ZERO)).isEmpty();
        assertThat(new CallRetries(ever, Duration.ofSeconds(1), ever).pause(2, Duration.ZERO))
                .contains(Duration.ofSeconds(2));
    }

    @Test
    void refusesPausesThatMakeNoSense() {
        var second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new CallRetries(second.negated(), second, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CallRetries(second, Duration.ZERO, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CallRetries(second, second, Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
