package dev.patchbay.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.executor.ExecutorException.StepFailed;
import dev.patchbay.executor.LogLine.Stream;
import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What every {@link RuntimeExecutor} does, whatever it runs containers on. */
public interface RuntimeExecutorContract {
    /** Longer than anything here takes, on any machine. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** How long nothing must happen, where the contract says that nothing does. */
    Duration QUIET = Duration.ofMillis(150);

    /** The plugin of all these tests. Starts with a letter: some tools take short decimal ids for numbers. */
    PluginId PLUGIN = new PluginId("c0ffee".repeat(10) + "c0de");

    /** What a container does. */
    enum Behaviour {
        /** Prints the two lines of {@link FakeRuntimeExecutor}, listens, ends with code 0 on TERM. */
        LISTENS,
        /** As the first, but listens 100 ms late. */
        LISTENS_LATE,
        /** As the first, but never listens. */
        NEVER_LISTENS,
        /** As the first, but ignores TERM. */
        IGNORES_TERM,
        /** Prints the two lines and ends with code 7. */
        EXITS_AT_ONCE,
        /** Its create fails. */
        CANNOT_BE_CREATED
    }

    /** The executor under test, fresh in each test. */
    RuntimeExecutor executor();

    /** Another one for the same containers, beside the one under test; the implementation closes it. */
    RuntimeExecutor another();

    /** Makes ready what a start of {@link #PLUGIN} needs for this behaviour. */
    ContainerRequest request(int generation, Behaviour behaviour);

    /** Says what an earlier start has left on this machine: processes, mounts, cgroups, folders, except logs. */
    List<String> leftovers();

    private RunningContainer start(int generation, Behaviour behaviour) {
        return executor().start(request(generation, behaviour)).blockOptional(PATIENCE).orElseThrow();
    }

    private ExitSignal nextExit() {
        return executor().exits().next().blockOptional(PATIENCE).orElseThrow();
    }

    private List<LogLine> log() {
        return executor()
                .logs(PLUGIN, LogQuery.ALL)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private static Path socket(ContainerRequest request) {
        return request.execDirectory().resolve("sample.sock");
    }

    @Test
    default void whatOneHasClaimedIsRefusedToAnotherAndIsItsOwnStill() {
        executor().claim().block(PATIENCE);
        RuntimeExecutor another = another();
        for (int times = 0; times < 2; times++) {
            StepVerifier.create(another.claim()).expectError(ExecutorException.class).verify(PATIENCE);
            StepVerifier.create(executor().claim()).expectComplete().verify(PATIENCE);
        }
        start(1, Behaviour.EXITS_AT_ONCE);
        assertThat(nextExit().generation()).isEqualTo(1);
    }

    @Test
    default void startsOnceListensAndEndsOnTerm() {
        ContainerRequest request = request(4, Behaviour.LISTENS);
        StepVerifier.create(executor().start(request))
                .assertNext(it -> {
                    assertThat(it.plugin()).isEqualTo(PLUGIN);
                    assertThat(it.generation()).isEqualTo(4);
                    assertThat(it.pid()).isPositive();
                })
                .expectComplete()
                .verify(PATIENCE);
        executor().awaitListening(PLUGIN, socket(request)).block(PATIENCE);
        StepVerifier.create(executor().exits())
                .then(() -> executor().signal(PLUGIN, 4, Signal.TERM).block(PATIENCE))
                .assertNext(exit -> {
                    assertThat(exit.plugin()).isEqualTo(PLUGIN);
                    assertThat(exit.generation()).isEqualTo(4);
                    assertThat(exit.status()).isEqualTo(new ExitStatus.Exited(0));
                })
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void keepsAnExitForTheSubscriberWhoComesLate() {
        start(1, Behaviour.EXITS_AT_ONCE);
        ExitSignal exit = nextExit();
        assertThat(exit.status()).isEqualTo(new ExitStatus.Exited(7));
        assertThat(exit.lastErrorLines()).contains(FakeRuntimeExecutor.ERR_LINE);
    }

    @Test
    default void waitsForALateSocket() {
        ContainerRequest request = request(1, Behaviour.LISTENS_LATE);
        executor().start(request).block(PATIENCE);
        StepVerifier.create(executor().awaitListening(PLUGIN, socket(request)))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    default void dialsUntilCancelled() {
        ContainerRequest request = request(1, Behaviour.NEVER_LISTENS);
        executor().start(request).block(PATIENCE);
        StepVerifier.create(executor().awaitListening(PLUGIN, socket(request)))
                .expectSubscription()
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void refusesASocketPathThatTheKernelCannotTake() {
        Path tooLong = Path.of("/tmp/" + "x".repeat(103));
        StepVerifier.create(executor().awaitListening(PLUGIN, tooLong))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(StepFailed.class, it -> assertThat(it.step())
                                .isEqualTo(ExecutorException.Step.DIAL)))
                .verify(PATIENCE);
    }

    @Test
    default void aFailedStartTellsNoExitAndLeavesNothing() {
        assertThatExceptionOfType(StepFailed.class)
                .isThrownBy(() -> start(1, Behaviour.CANNOT_BE_CREATED))
                .satisfies(it -> assertThat(it.step()).isEqualTo(ExecutorException.Step.CREATE));
        assertThat(leftovers()).isEmpty();
        StepVerifier.create(executor().present()).expectComplete().verify(PATIENCE);
        StepVerifier.create(executor().exits())
                .expectSubscription()
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void killEndsWhatIgnoresTerm() {
        ContainerRequest request = request(2, Behaviour.IGNORES_TERM);
        executor().start(request).block(PATIENCE);
        executor().awaitListening(PLUGIN, socket(request)).block(PATIENCE);
        StepVerifier.create(executor().exits())
                .then(() -> executor().signal(PLUGIN, 2, Signal.TERM).block(PATIENCE))
                .expectNoEvent(QUIET)
                .then(() -> executor().signal(PLUGIN, 2, Signal.KILL).block(PATIENCE))
                .assertNext(exit -> assertThat(exit.status()).isEqualTo(new ExitStatus.Signaled(9, false)))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void aSignalForAnotherGenerationHitsNobody() {
        start(2, Behaviour.NEVER_LISTENS);
        StepVerifier.create(executor().exits())
                .then(() -> executor().signal(PLUGIN, 1, Signal.KILL).block(PATIENCE))
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void aSignalForWhatIsGoneCompletes() {
        start(1, Behaviour.EXITS_AT_ONCE);
        nextExit();
        StepVerifier.create(executor().signal(PLUGIN, 1, Signal.TERM))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    default void deleteEndsTheContainerAndItsEndIsTold() {
        start(1, Behaviour.IGNORES_TERM);
        assertThat(executor().present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
        executor().delete(PLUGIN).block(PATIENCE);
        assertThat(nextExit().status()).isEqualTo(new ExitStatus.Signaled(9, false));
        assertThat(leftovers()).isEmpty();
        assertThat(executor().present().collectList().block(PATIENCE)).isEmpty();
    }

    @Test
    default void tellsWhichContainersRun() {
        assertThat(running()).isEmpty();
        RunningContainer started = start(3, Behaviour.IGNORES_TERM);
        assertThat(running()).containsExactly(started);
        executor().signal(PLUGIN, 3, Signal.KILL).block(PATIENCE);
        nextExit();
        assertThat(running()).isEmpty();
        executor().delete(PLUGIN).block(PATIENCE);
        assertThat(running()).isEmpty();
    }

    private List<RunningContainer> running() {
        return executor().running().collectList().blockOptional(PATIENCE).orElseThrow();
    }

    @Test
    default void deleteMayBeRepeatedAndNeedsNoContainer() {
        StepVerifier.create(executor().delete(PLUGIN)).expectComplete().verify(PATIENCE);
        start(1, Behaviour.EXITS_AT_ONCE);
        nextExit();
        StepVerifier.create(executor().delete(PLUGIN).then(executor().delete(PLUGIN)))
                .expectComplete()
                .verify(PATIENCE);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    default void aStartReplacesWhatTheLastOneLeft() {
        start(1, Behaviour.IGNORES_TERM);
        StepVerifier.create(executor().exits())
                .then(() -> start(2, Behaviour.LISTENS))
                .assertNext(exit -> assertThat(exit.generation()).isEqualTo(1))
                .then(() -> executor().signal(PLUGIN, 2, Signal.KILL).block(PATIENCE))
                .assertNext(exit -> assertThat(exit.generation()).isEqualTo(2))
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void aCancelledStartTellsNothingTwice() {
        StepVerifier.create(executor().start(request(1, Behaviour.LISTENS)))
                .thenCancel()
                .verify(PATIENCE);
        executor().delete(PLUGIN).block(PATIENCE);
        assertThat(leftovers()).isEmpty();
        start(2, Behaviour.EXITS_AT_ONCE);
        assertThat(executor()
                .exits()
                .filter(exit -> exit.generation() == 2)
                .next()
                .block(PATIENCE))
                .isNotNull();
    }

    @Test
    default void logsOutliveDeleteUntilForgotten() {
        start(1, Behaviour.EXITS_AT_ONCE);
        nextExit();
        executor().delete(PLUGIN).block(PATIENCE);
        assertThat(log()).anySatisfy(line -> {
            assertThat(line.text()).isEqualTo(FakeRuntimeExecutor.OUT_LINE);
            assertThat(line.stream()).isEqualTo(Stream.STDOUT);
            assertThat(line.plugin()).isEqualTo(PLUGIN);
        });
        assertThat(log()).anySatisfy(line -> {
            assertThat(line.text()).isEqualTo(FakeRuntimeExecutor.ERR_LINE);
            assertThat(line.stream()).isEqualTo(Stream.STDERR);
        });
        assertThat(executor().logged().collectList().block(PATIENCE)).containsExactly(PLUGIN);
        executor().forget(PLUGIN).then(executor().forget(PLUGIN)).block(PATIENCE);
        assertThat(log()).isEmpty();
        assertThat(executor().logged().collectList().block(PATIENCE)).isEmpty();
    }

    @Test
    default void tailAndSinceChooseLines() {
        start(1, Behaviour.EXITS_AT_ONCE);
        nextExit();
        List<LogLine> all = log();
        var tail = new LogQuery(OptionalInt.of(1), Optional.empty(), false);
        StepVerifier.create(executor().logs(PLUGIN, tail))
                .expectNext(all.getLast())
                .expectComplete()
                .verify(PATIENCE);
        var none = new LogQuery(OptionalInt.of(0), Optional.empty(), false);
        StepVerifier.create(executor().logs(PLUGIN, none)).expectComplete().verify(PATIENCE);
        Instant last = all.getLast().time();
        var since = new LogQuery(OptionalInt.empty(), Optional.of(last), false);
        StepVerifier.create(executor().logs(PLUGIN, since).collectList())
                .expectNext(all.stream().filter(it -> !it.time().isBefore(last)).toList())
                .expectComplete()
                .verify(PATIENCE);
        var future = new LogQuery(OptionalInt.empty(), Optional.of(last.plusSeconds(1)), false);
        StepVerifier.create(executor().logs(PLUGIN, future)).expectComplete().verify(PATIENCE);
    }

    @Test
    default void aFollowerSeesWhatComesLater() {
        var follow = new LogQuery(OptionalInt.empty(), Optional.empty(), true);
        StepVerifier.create(executor()
                .logs(PLUGIN, follow)
                .map(LogLine::text)
                .filter(FakeRuntimeExecutor.OUT_LINE::equals))
                .expectSubscription()
                .then(() -> start(1, Behaviour.EXITS_AT_ONCE))
                .expectNext(FakeRuntimeExecutor.OUT_LINE)
                .then(() -> start(2, Behaviour.EXITS_AT_ONCE))
                .expectNext(FakeRuntimeExecutor.OUT_LINE)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void logsHonourDemand() {
        start(1, Behaviour.EXITS_AT_ONCE);
        nextExit();
        List<LogLine> all = log();
        StepVerifier.create(executor().logs(PLUGIN, LogQuery.ALL), 1)
                .expectNext(all.getFirst())
                .expectNoEvent(QUIET)
                .thenRequest(Long.MAX_VALUE)
                .expectNextSequence(all.subList(1, all.size()))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    default void outputCarriesEachLineAsItIsWritten() {
        StepVerifier.create(executor().output().map(LogLine::text))
                .then(() -> start(1, Behaviour.LISTENS))
                .recordWith(java.util.ArrayList::new)
                .thenConsumeWhile(text -> !text.equals(FakeRuntimeExecutor.OUT_LINE))
                .expectNextCount(1)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void aPluginThatNeverRanHasAnEmptyLog() {
        assertThat(log()).isEmpty();
    }

    @Test
    default void aCancelledStartLeavesNothing() {
        Mono<RunningContainer> start = executor().start(request(1, Behaviour.LISTENS));
        start.subscribe(_ -> {}, _ -> {}).dispose();
        executor().delete(PLUGIN).block(PATIENCE);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    default void namesItsRuntime() {
        assertThat(executor().check().block(PATIENCE)).matches("[a-z]+ [0-9].*");
    }
}
