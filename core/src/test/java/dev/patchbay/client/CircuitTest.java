package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.client.Circuit.Admission;
import dev.patchbay.client.Circuit.Closed;
import dev.patchbay.client.Circuit.HalfOpen;
import dev.patchbay.client.Circuit.Open;
import dev.patchbay.client.Circuit.Outcome;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitTest {
    private static final CircuitLimits LIMITS = new CircuitLimits(2, 4, Duration.ofNanos(10));

    static Stream<Arguments> outcomes() {
        return Stream.of(
                arguments("answers leave it closed", new Closed(0, 0), 0, Outcome.ANSWERED, new Closed(0, 0)),
                arguments("a failure is remembered", new Closed(0, 0), 0, Outcome.FAILED, new Closed(0, 1)),
                arguments("an answer moves it on", new Closed(0, 1), 0, Outcome.ANSWERED,
                        new Closed(0, 0b10)),
                arguments("enough failures open it", new Closed(0, 0b10), 0, Outcome.FAILED,
                        new Open(1, 110)),
                arguments("those of long ago do not count", new Closed(0, 0b1000), 0, Outcome.FAILED,
                        new Closed(0, 0b10001)),
                arguments("what was given up says nothing", new Closed(0, 1), 0, Outcome.ABANDONED,
                        new Closed(0, 1)),
                arguments("old news closes nothing", new Open(1, 110), 0, Outcome.ANSWERED, new Open(1, 110)),
                arguments("nor does it while one tries", new HalfOpen(2, 107), 0, Outcome.ANSWERED,
                        new HalfOpen(2, 107)),
                arguments("nor does it open anything", new Closed(3, 0b1), 2, Outcome.FAILED,
                        new Closed(3, 0b1)),
                arguments("a trial that is answered closes it", new HalfOpen(2, 107), 2, Outcome.ANSWERED,
                        new Closed(3, 0)),
                arguments("a trial that fails opens it anew", new HalfOpen(2, 107), 2, Outcome.FAILED,
                        new Open(3, 110)),
                arguments("a trial that is given up leaves it to the next", new HalfOpen(2, 107), 2,
                        Outcome.ABANDONED, new Open(3, 100)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outcomes")
    void learns(String row, Circuit circuit, int round, Outcome outcome, Circuit expected) {
        assertThat(circuit.after(round, outcome, 100, LIMITS)).isEqualTo(expected);
    }

    static Stream<Arguments> admissions() {
        return Stream.of(
                arguments("closed", new Closed(4, 0b1), new Admission.Admitted(new Closed(4, 0b1))),
                arguments("open", new Open(1, 107), new Admission.Refused(Duration.ofNanos(7))),
                arguments("open for long enough", new Open(1, 100),
                        new Admission.Admitted(new HalfOpen(2, 110))),
                arguments("one tries", new HalfOpen(2, 107), new Admission.Refused(Duration.ofNanos(7))),
                arguments("one tries for long", new HalfOpen(2, 100),
                        new Admission.Admitted(new HalfOpen(2, 110))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("admissions")
    void admits(String row, Circuit circuit, Admission expected) {
        assertThat(circuit.admit(100, LIMITS)).isEqualTo(expected);
    }

    @Test
    void looksAtTheWidestWindow() {
        var widest = new CircuitLimits(64, 64, Duration.ofSeconds(1));
        assertThat(widest.tooBad(-1L)).isTrue();
        assertThat(widest.tooBad(-2L)).isFalse();
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        var second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new CircuitLimits(0, 1, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CircuitLimits(3, 2, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CircuitLimits(1, 65, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CircuitLimits(1, 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
