package dev.patchbay.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What every {@link RuntimeExecutor} does with containers that an earlier process has started. */
public interface TakeOverContract extends RuntimeExecutorContract {
    /** Each may meet another moment of what is under way. */
    int ROUNDS = 20;

    /** Closes the executor under test and makes another one in its place, on the same machine. */
    RuntimeExecutor successor();

    private RunningContainer start(int generation, Behaviour behaviour) {
        return executor().start(request(generation, behaviour)).blockOptional(PATIENCE).orElseThrow();
    }

    private ExitSignal nextExit() {
        return executor().exits().next().blockOptional(PATIENCE).orElseThrow();
    }

    private TakeOver takeOver(ContainerRequest wanted) {
        return executor().takeOver(wanted).blockOptional(PATIENCE).orElseThrow();
    }

    @Test
    default void whatWasClaimedIsFreeOnceItsExecutorIsClosed() {
        executor().claim().block(PATIENCE);
        StepVerifier.create(successor().claim()).expectComplete().verify(PATIENCE);
    }

    @Test
    default void aClaimWhoseCallerIsGoneIsGivenBackByTheClosing() {
        for (int round = 0; round < ROUNDS; round++) {
            executor().claim().subscribe(_ -> {}, _ -> {}).dispose();
            StepVerifier.create(successor().claim()).expectComplete().verify(PATIENCE);
            successor();
        }
    }

    @Test
    default void takesOverWhatAnEarlierProcessStarted() {
        RunningContainer started = start(4, Behaviour.LISTENS);
        RuntimeExecutor next = successor();
        ContainerRequest wanted = request(9, Behaviour.LISTENS);
        assertThat(takeOver(wanted)).isEqualTo(new TakeOver.Running(started, true));
        next.awaitListening(PLUGIN, wanted.execDirectory().resolve("sample.sock")).block(PATIENCE);
        StepVerifier.create(next.exits())
                .then(() -> next.signal(PLUGIN, 4, Signal.TERM).block(PATIENCE))
                .assertNext(exit -> {
                    assertThat(exit.plugin()).isEqualTo(PLUGIN);
                    assertThat(exit.generation()).isEqualTo(4);
                    assertThat(exit.status()).isEqualTo(new ExitStatus.Exited(0));
                    assertThat(exit.lastErrorLines()).contains(FakeRuntimeExecutor.ERR_LINE);
                })
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void saysThatWhatRunsIsNotWhatAStartWouldMake() {
        RunningContainer started = start(4, Behaviour.LISTENS);
        successor();
        ContainerRequest wanted = request(4, Behaviour.IGNORES_TERM);
        assertThat(takeOver(wanted)).isEqualTo(new TakeOver.Running(started, false));
    }

    @Test
    default void takesOverWhatRunsAlsoWithoutKnowingWhatAStartWouldMake() {
        RunningContainer started = start(4, Behaviour.IGNORES_TERM);
        RuntimeExecutor next = successor();
        assertThat(next.running().collectList().block(PATIENCE)).as("not taken over yet").isEmpty();
        for (int time = 0; time < 2; time++) {
            assertThat(next.takeOver(PLUGIN).block(PATIENCE))
                    .isEqualTo(new TakeOver.Running(started, true));
        }
        assertThat(next.running().collectList().block(PATIENCE)).containsExactly(started);
        StepVerifier.create(next.exits())
                .then(() -> next.signal(PLUGIN, 4, Signal.KILL).block(PATIENCE))
                .assertNext(exit -> assertThat(exit.generation()).isEqualTo(4))
                .thenCancel()
                .verify(PATIENCE);
        assertThat(next.takeOver(PLUGIN).block(PATIENCE)).isInstanceOf(TakeOver.Ended.class);
    }

    @Test
    default void takingOverTwiceIsAsOnce() {
        RunningContainer started = start(1, Behaviour.IGNORES_TERM);
        assertThat(takeOver(request(1, Behaviour.IGNORES_TERM)))
                .isEqualTo(new TakeOver.Running(started, true));
        RuntimeExecutor next = successor();
        for (int time = 0; time < 2; time++) {
            assertThat(takeOver(request(1, Behaviour.IGNORES_TERM)))
                    .isEqualTo(new TakeOver.Running(started, true));
        }
        StepVerifier.create(next.exits())
                .then(() -> next.signal(PLUGIN, 1, Signal.KILL).block(PATIENCE))
                .assertNext(exit -> assertThat(exit.status()).isEqualTo(new ExitStatus.Signaled(9, false)))
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void anEndFoundAtTheTakeOverIsToldThereAndOnlyThere() {
        start(3, Behaviour.EXITS_AT_ONCE);
        ExitSignal told = nextExit();
        RuntimeExecutor next = successor();
        for (int time = 0; time < 2; time++) {
            assertThat(takeOver(request(5, Behaviour.LISTENS)))
                    .isInstanceOfSatisfying(TakeOver.Ended.class, ended -> {
                        assertThat(ended.exit().generation()).isEqualTo(3);
                        assertThat(ended.exit().status()).isEqualTo(new ExitStatus.Exited(7));
                        assertThat(ended.exit().lastErrorLines()).isEqualTo(told.lastErrorLines());
                    });
        }
        StepVerifier.create(next.exits())
                .expectSubscription()
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
        assertThat(next.present().collectList().block(PATIENCE)).containsExactly(PLUGIN);
    }

    @Test
    default void thereIsNothingToTakeOverOfAPluginThatNeverRanOrWasDeleted() {
        assertThat(takeOver(request(3, Behaviour.LISTENS))).isEqualTo(new TakeOver.Nothing(0));
        start(1, Behaviour.LISTENS);
        executor().delete(PLUGIN).block(PATIENCE);
        successor();
        assertThat(takeOver(request(3, Behaviour.LISTENS))).isEqualTo(new TakeOver.Nothing(0));
        assertThat(leftovers()).isEmpty();
    }

    @Test
    default void deleteEndsWhatWasTakenOverAndItsEndIsTold() {
        start(1, Behaviour.IGNORES_TERM);
        RuntimeExecutor next = successor();
        takeOver(request(1, Behaviour.IGNORES_TERM));
        next.delete(PLUGIN).block(PATIENCE);
        assertThat(nextExit().status()).isEqualTo(new ExitStatus.Signaled(9, false));
        assertThat(leftovers()).isEmpty();
        assertThat(next.present().collectList().block(PATIENCE)).isEmpty();
    }

    @Test
    default void aStartReplacesWhatWasTakenOver() {
        start(1, Behaviour.IGNORES_TERM);
        RuntimeExecutor next = successor();
        takeOver(request(1, Behaviour.IGNORES_TERM));
        StepVerifier.create(next.exits())
                .then(() -> start(2, Behaviour.LISTENS))
                .assertNext(exit -> assertThat(exit.generation()).isEqualTo(1))
                .then(() -> next.signal(PLUGIN, 2, Signal.KILL).block(PATIENCE))
                .assertNext(exit -> assertThat(exit.generation()).isEqualTo(2))
                .expectNoEvent(QUIET)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    default void theLogOfWhatWasTakenOverGoesOn() {
        start(1, Behaviour.LISTENS);
        RuntimeExecutor next = successor();
        takeOver(request(1, Behaviour.LISTENS));
        var follow = new LogQuery(OptionalInt.empty(), Optional.empty(), true);
        StepVerifier.create(next.logs(PLUGIN, follow)
                .map(LogLine::text)
                .filter(FakeRuntimeExecutor.OUT_LINE::equals))
                .expectNext(FakeRuntimeExecutor.OUT_LINE)
                .then(() -> start(2, Behaviour.LISTENS))
                .expectNext(FakeRuntimeExecutor.OUT_LINE)
                .thenCancel()
                .verify(PATIENCE);
    }
}
