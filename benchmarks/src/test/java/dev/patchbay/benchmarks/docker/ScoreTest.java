package dev.patchbay.benchmarks.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.benchmarks.measure.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoreTest {
    private static final List<Double> TEN = List.of(10.0, 10.0, 10.0);

    @Test
    void isMetAtTheLimitAndMissedAboveIt() {
        assertThat(score(TEN, Optional.of(0.1)).verdict().map(Verdict::met)).contains(true);
        assertThat(score(TEN, Optional.of(0.09)).verdict().map(Verdict::met)).contains(false);
    }

    @Test
    void isOpenWhenChanceMayHaveDecided() {
        List<Double> scattered = List.of(5.0, 11.0, 30.0);

        assertThat(score(scattered, Optional.of(0.12)).isOpen()).isTrue();
        assertThat(score(TEN, Optional.of(0.12)).isOpen()).isFalse();
    }

    @Test
    void hasNoVerdictWithoutAPromise() {
        assertThat(score(TEN, Optional.empty()).verdict()).isEmpty();
    }

    @Test
    void fillsTheColumnsOfItsTable() {
        assertThat(score(TEN, Optional.empty()).cells())
                .containsExactly("enable", "ms", "10.00", "10.00..10.00", "100.00", "100.00..100.00", "0.100",
                        "(0.100..0.100)", "3")
                .hasSameSizeAs(Score.HEADS);
    }

    private static Score score(List<Double> ours, Optional<Double> atMost) {
        return new Score("enable", Unit.MILLIS, new Score.Taken("patchbay", ours, ours.size()),
                new Score.Taken("dockerd", List.of(100.0, 100.0, 100.0), 3), atMost);
    }
}
