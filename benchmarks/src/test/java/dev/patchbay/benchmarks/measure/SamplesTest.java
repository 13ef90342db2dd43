package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMiddleOfAnEvenNumberIsTheMeanOfTwo() {
        assertThat(Samples.of(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
        assertThat(Samples.of(List.of(9.0, 1.0, 3.0)).median()).isEqualTo(3);
    }

    @Test
    void countedSamplesSayTheSameAsThoseWrittenOutOneByOne() {
        var counted = new Samples(List.of(5.0, 1.0, 2.0), List.of(1L, 2L, 4L));
        var oneByOne = Samples.of(List.of(1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 5.0));
        assertThat(counted.count()).isEqualTo(7);
        assertThat(counted.median()).isEqualTo(oneByOne.median()).isEqualTo(2);
        for (double share = 0; share <= 1; share += 0.05) {
            assertThat(counted.quantile(share)).as("share %s", share).isEqualTo(oneByOne.quantile(share));
        }
    }

    @Test
    void takesWhatAHistogramHasCounted() {
        var histogram = new Histogram(3);
        histogram.recordValueWithCount(2_000_000, 3);
        histogram.recordValue(90_000_000);
        Samples samples = Samples.of(histogram, 1e6);
        assertThat(samples.count()).isEqualTo(4);
        assertThat(samples.median()).isCloseTo(2, within(0.01));
        assertThat(samples.quantile(1)).isCloseTo(90, within(0.1));
    }

    @Test
    void refusesWhatIsNoMeasurement() {
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.of(List.of(1.0, Double.NaN)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of(1.0), List.of(1L, 2L)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of(1.0), List.of(0L)));
    }
}
