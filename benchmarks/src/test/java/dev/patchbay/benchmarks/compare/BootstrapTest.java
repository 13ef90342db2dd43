package dev.patchbay.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.patchbay.benchmarks.measure.Samples;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {
    @Test
    void findsARatioThatIsThere() {
        var ratio = Bootstrap.of(drawn(1, 100, 1), drawn(2, 100, 1.2));
        assertThat(ratio.ratio()).isCloseTo(1.2, within(0.05));
        assertThat(ratio.from()).isLessThan(1.2).isGreaterThan(1);
        assertThat(ratio.to()).isGreaterThan(1.2);
        assertThat(ratio.evident()).isTrue();
    }

    @Test
    void theIntervalHoldsTheRatioAboutNineteenTimesInTwenty() {
        long held = LongStream.range(0, 100)
                .mapToObj(seed -> Bootstrap.of(drawn(seed, 30, 1), drawn(seed + 500, 30, 1.5)))
                .filter(it -> it.from() <= 1.5 && 1.5 <= it.to())
                .count();
        assertThat(held).isBetween(90L, 100L);
    }

    @ParameterizedTest
    @ValueSource(ints = {Change.FEWEST, 10, 50})
    void seldomSeesADifferenceWhereThereIsNone(int samples) {
        long wrong = LongStream.range(0, 100)
                .mapToObj(seed -> Bootstrap.of(drawn(seed, samples, 1), drawn(seed + 500, samples, 1)))
                .filter(Bootstrap::evident)
                .count();
        assertThat(wrong).isLessThanOrEqualTo(9); // 5 are to be expected
    }

    @Test
    void moreSamplesMakeTheIntervalNarrower() {
        var few = Bootstrap.of(drawn(1, 20, 1), drawn(2, 20, 1));
        var many = Bootstrap.of(drawn(1, 1000, 1), drawn(2, 1000, 1));
        assertThat(many.to() - many.from()).isLessThan((few.to() - few.from()) / 2);
    }

    @Test
    void theSameSamplesGiveTheSameInterval() {
        assertThat(Bootstrap.of(drawn(1, 20, 1), drawn(2, 20, 2)))
                .isEqualTo(Bootstrap.of(drawn(1, 20, 1), drawn(2, 20, 2)));
    }

    @Test
    void countedSamplesAreDrawnAsOftenAsTheyWereSeen() {
        var counted = Bootstrap.of(new Samples(List.of(1.0, 9.0), List.of(9L, 1L)), Samples.of(List.of(2.0)));
        var oneByOne = Bootstrap.of(Samples.of(List.of(1.0, 1.0, 1.0, 1.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
                Samples.of(List.of(2.0)));
        assertThat(counted).isEqualTo(oneByOne);
        assertThat(counted.ratio()).isEqualTo(2);
    }

    @Test
    void thereIsNoRatioToNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bootstrap.of(Samples.of(List.of(0.0)), Samples.of(List.of(1.0))));
    }

    private static Samples drawn(long seed, int count, double median) {
        var random = new Random(seed);
        return Samples.of(random.doubles(count)
                .map(_ -> median * Math.exp(random.nextGaussian() * 0.1))
                .boxed()
                .toList());
    }
}
