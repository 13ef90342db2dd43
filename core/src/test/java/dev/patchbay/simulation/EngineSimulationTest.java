package dev.patchbay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.simulation.Simulation.Verdict;
import dev.patchbay.simulation.Witness.Broken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real engine in worlds that do not exist. Each world is a function of one number, its seed: what clients ask and what
 * goes wrong ({@link Plan}), which of several threads goes first ({@link VirtualTime}), how long everything takes
 * ({@link Surroundings}), what a loss of power leaves ({@link SimulatedDisk}).
 *
 * <p>A {@link World} is one {@link Machine} with a disk and containers, on which one process after the other
 * ({@link Incarnation}) runs an engine with ports of ours: {@link SimulatedStore}, {@link SimulatedExecutor},
 * {@link SimulatedRegistry}. {@link Client}s ask and write down what they hear; an {@link Invariant} that does not hold is
 * told to the {@link Witness}, which ends the world. In the end nothing goes wrong any more, and all must come to what was
 * acknowledged ({@link Settlement}).
 *
 * <p>{@code make soak SEEDS=1000000} runs more worlds, {@code make soak SEED=4711} shows one.
 */
class EngineSimulationTest {
    private static final int SEEDS = 20_000;
    private static final int THREADS = 2;
    private static final int SEEDS_PER_MUTANT = 3000;

    /** Which invariant finds which bug; the first of a world counts. */
    private static final Map<Mutant, List<Class<? extends Invariant>>> FINDERS = Map.ofEntries(
            Map.entry(Mutant.SKIP_SYNC, List.of(Ledger.class, KeptContent.class)),
            Map.entry(Mutant.REPLY_BEFORE_STORE, List.of(Ledger.class, KeptContent.class)),
            Map.entry(Mutant.IGNORE_GENERATION, List.of(OrderlyEvents.class)),
            Map.entry(Mutant.COLLECT_LEASED_BLOB, List.of(KeptContent.class)),
            Map.entry(Mutant.LOSE_EXIT, List.of(Settlement.Convergence.class)),
            Map.entry(Mutant.RESTORE_FORGETS, List.of(Ledger.class)),
            Map.entry(Mutant.TWO_STARTS, List.of(Invariants.OneContainer.class)),
            Map.entry(Mutant.FORGET_EVENTS, List.of(FaithfulEvents.class, Invariants.SoundEngine.class)),
            Map.entry(Mutant.SAME_IDS, List.of(Uniqueness.class)),
            Map.entry(Mutant.FORGET_HOLDERS, List.of(Ledger.class)),
            Map.entry(Mutant.FORGET_LIMITS, List.of(Ledger.class)),
            Map.entry(Mutant.IGNORE_LIMITS, List.of(Settlement.Convergence.class)));

    private static @Nullable EngineLog log;

    @BeforeAll
    static void listen() {
        log = new EngineLog();
    }

    @AfterAll
    static void stopListening() {
        Objects.requireNonNull(log).close();
    }

    @Test
    void noSeedBreaksAnInvariant() throws InterruptedException {
        var seeds = new Seeds(1, SEEDS, Mutant.NONE).start(THREADS);
        assertThat(seeds.await(0)).isTrue();
        assertThat(seeds.bad().map(bad -> new Report(bad.seed(), Mutant.NONE).text())).isEmpty();
        assertThat(seeds.ended()).isEqualTo(SEEDS);
    }

    @Test
    void aSeedIsReplayedExactly() {
        LongStream.rangeClosed(1, 100)
                .forEach(seed -> assertThat(Simulation.run(seed, Mutant.NONE).hash()).as("seed " + seed)
                        .isEqualTo(Simulation.run(seed, Plan.of(seed), Mutant.NONE, true).hash()));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBugInAPortIsFoundByTheInvariantThatItBreaks(Mutant mutant) {
        Verdict found = LongStream.rangeClosed(1, SEEDS_PER_MUTANT)
                .mapToObj(seed -> Simulation.run(seed, mutant))
                .filter(verdict -> !verdict.isGood())
                .findFirst()
                .orElseThrow();
        assertThat(FINDERS.get(mutant))
                .contains(found.broken().map(Broken::invariant).orElseThrow().getClass());
    }

    @Test
    void aReportHasTheShortestHistoryAndTheCommandThatRepeatsIt() {
        long seed = LongStream.rangeClosed(1, SEEDS_PER_MUTANT)
                .filter(number -> !Simulation.run(number, Mutant.LOSE_EXIT).isGood())
                .findFirst()
                .orElseThrow();
        var report = new Report(seed, Mutant.LOSE_EXIT);
        Plan shortest = report.shortest();
        assertThat(shortest.steps()).hasSizeLessThan(Plan.of(seed).steps().size() / 2);
        for (int at = 0; at < shortest.steps().size(); at++) {
            assertThat(Simulation.run(seed, shortest.without(at, at + 1), Mutant.LOSE_EXIT, false)
                    .broken()
                    .filter(broken -> broken.invariant() instanceof Settlement.Convergence)).isEmpty();
        }
        assertThat(report.text()).contains("make soak SEED=" + seed + " MUTANT=LOSE_EXIT", "history:",
                "wanted");
    }
}
