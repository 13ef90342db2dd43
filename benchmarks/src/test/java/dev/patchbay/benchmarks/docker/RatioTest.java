package dev.patchbay.benchmarks.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void isThatOfTheMedians() {
        assertThat(Ratio.of(List.of(1.0, 2.0, 9.0), List.of(3.0, 4.0, 5.0), 3).value()).isEqualTo(0.5);
    }

    @Test
    void holdsTheTrueRatioInItsIntervalAndNarrowsItWithMoreRounds() {
        Ratio few = noisy(8);
        Ratio many = noisy(400);

        assertThat(few.low()).isLessThan(0.5);
        assertThat(few.high()).isGreaterThan(0.5);
        assertThat(many.low()).isBetween(0.45, 0.5);
        assertThat(many.high()).isBetween(0.5, 0.55);
        assertThat(many.high() - many.low()).isLessThan(few.high() - few.low());
    }

    @Test
    void doesNotTakeForADifferenceWhatHitAWholeRound() {
        List<Double> ours = List.of(10.0, 50.0, 11.0, 90.0, 12.0, 30.0);
        List<Double> theirs = ours.stream().map(it -> 2 * it).toList();

        assertThat(Ratio.of(ours, theirs, 6)).isEqualTo(new Ratio(0.5, 0.5, 0.5, Ratio.Interval.LIKELY));
    }

    @Test
    void givesTheSameIntervalForTheSameFigures() {
        assertThat(noisy(20)).isEqualTo(noisy(20));
    }

    @Test
    void refusesFiguresOfDifferentRounds() {
        assertThatThrownBy(() -> Ratio.of(List.of(1.0), List.of(1.0, 2.0), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ratio.of(List.of(1.0, 2.0, 3.0), List.of(1.0, 2.0, 3.0), 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void claimsNothingThatFewRoundsCannotTell() {
        List<Double> ours = List.of(5.0, 6.0, 9.0, 7.0, 8.0);
        List<Double> theirs = List.of(10.0, 10.0, 10.0, 10.0, 10.0);

        Ratio ratio = Ratio.of(ours, theirs, 5);

        assertThat(ratio).isEqualTo(new Ratio(0.7, 0.5, 0.9, Ratio.Interval.SEEN));
        assertThat(ratio.text()).isEqualTo("(0.500..0.900)");
    }

    /** Each figure of a round says the same five times: that is no more than saying it once. */
    @Test
    void isNoSurerForSeveralFiguresOfOneRound() {
        var random = new SplittableRandom(7);
        List<Double> once = IntStream.range(0, 20).mapToObj(_ -> 50 + 20 * random.nextDouble()).toList();
        List<Double> again = once.stream().flatMap(it -> Stream.generate(() -> it).limit(5)).toList();
        List<Double> tens = Stream.generate(() -> 10.0).limit(20).toList();
        List<Double> moreTens = Stream.generate(() -> 10.0).limit(100).toList();

        assertThat(Ratio.of(again, moreTens, 20)).isEqualTo(Ratio.of(once, tens, 20));
        assertThat(Ratio.of(again, moreTens, 100).high()).isLessThan(Ratio.of(once, tens, 20).high());
    }

    private static Ratio noisy(int rounds) {
        var random = new SplittableRandom(7);
        List<Double> ours = IntStream.range(0, rounds).mapToObj(_ -> 50 + 20 * random.nextDouble()).toList();
        List<Double> theirs = IntStream.range(0, rounds)
                .mapToObj(_ -> 100 + 40 * random.nextDouble())
                .toList();
        return Ratio.of(ours, theirs, rounds);
    }
}
