package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The journal in memory. */
final class RingJournalTest {
    private static long before(RingJournal journal, Instant time) {
        return Objects.requireNonNull(journal.before(time).block());
    }

    @Test
    void findsTheFirstEventOfATimeWhateverTheClockDid() {
        for (int seed = 0; seed < 200; seed++) {
            var chance = new Random(seed);
            int kept = 1 + chance.nextInt(20);
            var journal = new RingJournal(kept, 1 << 20, chance);
            List<Instant> times = IntStream.range(0, chance.nextInt(50))
                    .mapToObj(i -> Instant.ofEpochSecond(i + chance.nextInt(10)))
                    .toList();
            JournalsOnDisk.append(journal, times.size(), i -> JournalsOnDisk.at(times.get(i - 1), i));
            Bounds bounds = journal.bounds();

            for (int second = -1; second < 60; second++) {
                Instant time = Instant.ofEpochSecond(second);
                // What was let go does not count, unless it was of that time or later: then all that is left follows it.
                long first = LongStream.rangeClosed(1, bounds.head())
                        .filter(seq -> !times.get((int) seq - 1).isBefore(time))
                        .findFirst()
                        .orElse(bounds.head() + 1);
                assertThat(before(journal, time)).as("seed %d, %s of %s", seed, time, times)
                        .isEqualTo(Math.max(first, bounds.oldest()) - 1);
            }
        }
    }

    @Test
    void knowsNoTimeOfBeforeItWasAbandoned() {
        var journal = new RingJournal(8, 1 << 20, new Random(1));
        JournalsOnDisk.append(journal, 3, i -> JournalsOnDisk.at(Instant.ofEpochSecond(100), i));
        journal.abandon().block();
        JournalsOnDisk.append(journal, 3, i -> JournalsOnDisk.at(Instant.ofEpochSecond(i), i));

        assertThat(before(journal, Instant.ofEpochSecond(3))).isEqualTo(2);
        assertThat(before(journal, Instant.ofEpochSecond(50))).isEqualTo(3);
    }

    @Test
    void keepsTheNewestByTheirNumber() {
        var journal = new RingJournal(3, 1 << 20, new Random(1));
        JournalsOnDisk.append(journal, 5);

        assertThat(journal.bounds().oldest()).isEqualTo(3);
        assertThat(JournalsOnDisk.all(journal)).extracting(LoggedEvent::seq).containsExactly(3L, 4L, 5L);
    }

    @Test
    void keepsTheNewestByWhatTheyTake() {
        var journal = new RingJournal(100, 1, new Random(1));
        JournalsOnDisk.append(journal, 5);

        assertThat(JournalsOnDisk.all(journal)).extracting(LoggedEvent::seq).containsExactly(5L);
    }
}
