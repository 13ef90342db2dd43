package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Laws of a plugin's life, over seeds: never two live containers; each start is cleaned up before the next; whoever asks
 * is answered exactly once; what is shown is what is on disk; generations only grow; and once faults end, what is wanted
 * runs and what is not does not. A failure prints its seed and the shortest history that still fails.
 */
class PluginLifecycleModelTest {
    private static final int SEEDS_PER_TEST = 100;
    private static final int STEPS = 150;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest(name = "seeds from {0} hundred")
    @MethodSource("seeds")
    void keepsTheLaws(long hundred) {
        for (long seed = hundred * SEEDS_PER_TEST; seed < (hundred + 1) * SEEDS_PER_TEST; seed++) {
            check(seed);
        }
    }

    private static void check(long seed) {
        var beginning = LifecycleModel.Beginning.of(seed);
        var steps = LifecycleStep.random(new SplittableRandom(seed), STEPS);
        if (LifecycleModel.violation(beginning, steps).isEmpty()) {
            return;
        }
        var least = shrink(steps, some -> LifecycleModel.violation(beginning, some).isPresent());
        fail("seed " + seed + ", at first " + beginning + ": "
                + LifecycleModel.violation(beginning, least).orElseThrow() + "\nafter\n"
                + least.stream().map(step -> "  " + step).collect(Collectors.joining("\n")));
    }

    /** Drops steps, many at once first, while the failure stays. */
    static <T> List<T> shrink(List<T> steps, Predicate<List<T>> fails) {
        List<T> least = steps;
        for (int size = steps.size() / 2; size > 0; size /= 2) {
            Optional<List<T>> smaller = without(least, size, fails);
            while (smaller.isPresent()) {
                least = smaller.get();
                smaller = without(least, size, fails);
            }
        }
        return least;
    }

    private static <T> Optional<List<T>> without(List<T> steps, int size, Predicate<List<T>> fails) {
        for (int from = 0; from + size <= steps.size(); from++) {
            var fewer = new ArrayList<>(steps.subList(0, from));
            fewer.addAll(steps.subList(from + size, steps.size()));
            if (fails.test(fewer)) {
                return Optional.of(List.copyOf(fewer));
            }
        }
        return Optional.empty();
    }

    @Test
    void theModelWorldLetsSomethingSucceed() {
        long successes = LongStream.range(0, 100)
                .map(seed -> LifecycleModel.successes(
                        LifecycleModel.Beginning.IDLE,
                        LifecycleStep.random(new SplittableRandom(seed), STEPS)))
                .sum();
        assertThat(successes).isGreaterThan(100);
    }

    @Test
    void theShrinkerKeepsOnlyWhatFails() {
        List<Integer> steps = LongStream.range(0, 100).mapToObj(Math::toIntExact).toList();
        assertThat(shrink(steps, some -> some.contains(17) && some.contains(80))).containsExactly(17, 80);
    }
}
