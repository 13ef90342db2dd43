package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    @Test
    void restartsAtOnceTheFirstTime() {
        assertThat(Backoff.before(1, Lives.PLUGIN, 4)).isZero();
    }

    @ParameterizedTest(name = "attempt {0}: {1} ms less up to a quarter")
    @CsvSource({"2, 100", "3, 200", "4, 400", "5, 800", "6, 1600", "7, 3200", "8, 6400", "9, 12800",
            "10, 25600",
            "11, 51200", "12, 60000", "13, 60000", "40, 60000", "66, 60000", "2147483646, 60000",
            "2147483647, 60000"})
    void doublesUpToAMinuteAndShortensByAQuarterAtMost(int attempt, long millis) {
        for (PluginId plugin : plugins(200)) {
            for (int generation : new int[]{0, 1, 77, Integer.MAX_VALUE}) {
                assertThat(Backoff.before(attempt, plugin, generation))
                        .isBetween(Duration.ofMillis(millis * 3 / 4), Duration.ofMillis(millis));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 12, Integer.MAX_VALUE})
    void spreadsPluginsThatFellTogether(int attempt) {
        long full = Backoff.before(attempt, Lives.PLUGIN, 1).toMillis();
        var waits = Stream.of(plugins(400))
                .map(plugin -> Backoff.before(attempt, plugin, 1).toMillis())
                .toList();
        long low = waits.stream().min(Long::compare).orElseThrow();
        long high = waits.stream().max(Long::compare).orElseThrow();
        assertThat(high - low).as("of " + full).isGreaterThan(full / 5);
        var inEighths = waits.stream()
                .collect(Collectors.groupingBy(
                        wait -> (wait - low) * 8 / (high - low + 1), Collectors.counting()));
        assertThat(inEighths.values()).hasSize(8).allMatch(count -> count > 10);
    }

    @Test
    void isTheSameForTheSamePluginAttemptAndGeneration() {
        assertThat(IntStream.range(0, 50).mapToObj(_ -> Backoff.before(5, Lives.PLUGIN, 9)).distinct())
                .hasSize(1);
    }

    private static PluginId[] plugins(int count) {
        var random = new SplittableRandom(5);
        return Stream.generate(() -> PluginId.random(random)).limit(count).toArray(PluginId[]::new);
    }
}
