package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever clients do: each is told the journal, less what is announced as lost, in order, and nothing twice. */
final class FeedModelTest {
    private static final int STEPS = 250;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("patchbay.feed.seeds", 200));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eachClientIsToldTheJournalLessTheGaps(long seed) {
        try (var model = new FeedModel(seed)) {
            model.run(STEPS);
        }
    }

    @Test
    void theModelComesToEverythingThatItIsAbout() {
        var seen = new FeedModel.Tally();
        seeds().limit(100).forEach(seed -> {
            try (var model = new FeedModel(seed)) {
                model.run(STEPS);
                seen.add(model.tally());
            }
        });
        assertThat(seen.events).as("events").isPositive();
        assertThat(seen.trims).as("gaps by trimming").isPositive();
        assertThat(seen.epochs).as("gaps by another epoch").isPositive();
        assertThat(seen.resumes).as("resumes").isPositive();
        assertThat(seen.unrecovered).as("resumes too late").isPositive();
        assertThat(seen.bookmarks).as("bookmarks").isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aLongRunHoldsAsWell(int seed) {
        try (var model = new FeedModel(-seed)) {
            model.run(10 * STEPS);
        }
    }
}
