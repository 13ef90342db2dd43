package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.patchbay.event.EventStreamModel.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Any mix of publishing, filters, slow, stalled and vanishing clients, trims, failures, restarts and resumes gives each
 * client what was told minus announced gaps, in order, without duplicates.
 */
class EventStreamModelTest {
    private static final int SEEDS = Integer.getInteger("patchbay.event.seeds", 100);
    private static final int STEPS = 250;

    private final Logger log = (Logger) LoggerFactory.getLogger(EventRecorder.class);

    @BeforeEach
    void journalsMayFailQuietly() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void othersMayNot() {
        log.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource
    void givesEachClientTheJournalMinusAnnouncedGaps(Trouble trouble) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed, trouble);
        }
    }

    private static int run(long seed, Trouble trouble) {
        try {
            var model = new EventStreamModel(seed, trouble);
            model.run(STEPS);
            model.finish();
            return model.gaps();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + " with " + trouble, e);
        }
    }

    /** Or nothing is tested. */
    @Test
    void thereAreGapsWhereTheyCannotBeHelped() {
        int gaps = 0;
        for (long seed = 1; seed <= 50; seed++) {
            gaps += run(seed, Trouble.TRIMS);
        }
        assertThat(gaps).isPositive();
    }
}
