package dev.patchbay.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExecutorException.StepFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class FakeRuntimeExecutorTest implements TakeOverContract {
    private final Scheduler scheduler = Schedulers.newSingle("fake-executor");
    private FakeRuntimeExecutor fake = new FakeRuntimeExecutor(scheduler);

    @AfterEach
    void stop() {
        scheduler.dispose();
    }

    @Override
    public RuntimeExecutor executor() {
        return fake;
    }

    @Override
    public RuntimeExecutor another() {
        return new FakeRuntimeExecutor(fake.machine());
    }

    @Override
    public RuntimeExecutor successor() {
        fake.close().block(PATIENCE);
        fake = new FakeRuntimeExecutor(fake.machine());
        return fake;
    }

    @Override
    public ContainerRequest request(int generation, Behaviour behaviour) {
        fake.script(PLUGIN, switch (behaviour) {
            case LISTENS -> FakeBehaviour.LISTENS;
            case LISTENS_LATE -> FakeBehaviour.LISTENS.listeningAfter(Duration.ofMillis(100));
            case NEVER_LISTENS -> FakeBehaviour.LISTENS.neverListening();
            case IGNORES_TERM -> FakeBehaviour.LISTENS.ignoringTerm();
            case EXITS_AT_ONCE -> FakeBehaviour.LISTENS.ending(Duration.ZERO, new ExitStatus.Exited(7));
            case CANNOT_BE_CREATED -> FakeBehaviour.LISTENS.failingAt(Step.CREATE);
        });
        return of(generation, "{\"args\":[\"" + behaviour + "\"]}");
    }

    private static ContainerRequest of(int generation) {
        return of(generation, "{}");
    }

    private static ContainerRequest of(int generation, String spec) {
        return new ContainerRequest(
                PLUGIN, generation, spec, Path.of("/rootfs"), Path.of("/exec"), Optional.empty());
    }

    @Override
    public List<String> leftovers() {
        return fake.liveContainers().stream().map(Object::toString).toList();
    }

    @Nested
    class InVirtualTime {
        private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
        private final FakeRuntimeExecutor virtual = new FakeRuntimeExecutor(time);

        @Test
        void startsAndListensWhenScripted() {
            virtual.script(
                    PLUGIN,
                    FakeBehaviour.LISTENS
                            .startingAfter(Duration.ofSeconds(2))
                            .listeningAfter(Duration.ofSeconds(3)));
            var started = virtual.start(of(1)).toFuture();
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(started).isNotDone();
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(started).isDone();
            assertThat(virtual.liveContainers()).hasSize(1);
            var listening = virtual.awaitListening(PLUGIN, Path.of("/exec/sample.sock")).toFuture();
            time.advanceTimeBy(Duration.ofSeconds(2));
            assertThat(listening).isNotDone();
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(listening).isDone();
        }

        @Test
        void hangsUntilCancelled() {
            virtual.script(PLUGIN, FakeBehaviour.LISTENS.hanging());
            var started = virtual.start(of(1)).toFuture();
            time.advanceTimeBy(Duration.ofDays(1));
            assertThat(started).isNotDone();
            assertThat(virtual.liveContainers()).isEmpty();
        }

        @Test
        void cancellingADelayedStartLeavesNothing() {
            virtual.script(PLUGIN, FakeBehaviour.LISTENS.startingAfter(Duration.ofSeconds(5)));
            StepVerifier.create(virtual.start(of(1))).thenCancel().verify();
            time.advanceTimeBy(Duration.ofSeconds(10));
            assertThat(virtual.liveContainers()).isEmpty();
            assertThat(virtual.starts()).hasSize(1);
        }

        @Test
        void tellsAnExitTwiceAndLateWhenScripted() {
            virtual.script(
                    PLUGIN,
                    FakeBehaviour.LISTENS
                            .ending(Duration.ofSeconds(1), new ExitStatus.Exited(3))
                            .tellingExit(Duration.ofSeconds(1), Duration.ofSeconds(60)));
            var exits = new java.util.ArrayList<ExitSignal>();
            virtual.exits().subscribe(exits::add, failure -> {
                throw new AssertionError(failure);
            });
            var _ = virtual.start(of(1)).toFuture();
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(virtual.liveContainers()).isEmpty();
            assertThat(exits).isEmpty();
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(exits).hasSize(1);
            time.advanceTimeBy(Duration.ofSeconds(60));
            assertThat(exits).hasSize(2);
            virtual.repeatExit(PLUGIN);
            assertThat(exits).hasSize(3);
        }

        @Test
        void failsADeleteWhenScriptedAndKeepsTheContainer() {
            var _ = virtual.start(of(1)).toFuture();
            virtual.script(PLUGIN, FakeBehaviour.LISTENS.failingDelete());
            StepVerifier.create(virtual.delete(PLUGIN)).expectError(StepFailed.class).verify();
            assertThat(virtual.liveContainers()).hasSize(1);
        }

        @Test
        void recordsSignalsAndEndsWhenTold() {
            virtual.script(PLUGIN, FakeBehaviour.LISTENS.endingOnTerm(
                    Duration.ofSeconds(4), new ExitStatus.Exited(143)));
            var _ = virtual.start(of(1)).toFuture();
            var _ = virtual.signal(PLUGIN, 1, Signal.TERM).toFuture();
            time.advanceTimeBy(Duration.ofSeconds(3));
            assertThat(virtual.liveContainers()).hasSize(1);
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(virtual.liveContainers()).isEmpty();
            assertThat(virtual.signals())
                    .containsExactly(new FakeRuntimeExecutor.SentSignal(PLUGIN, 1, Signal.TERM));
        }

        @Test
        void aKilledStartLeavesItsTraceAndNothingElse() {
            virtual.script(PLUGIN, FakeBehaviour.LISTENS.startingAfter(Duration.ofSeconds(5)));
            var started = virtual.start(of(7)).toFuture();
            time.advanceTimeBy(Duration.ofSeconds(1));
            virtual.vanish();
            time.advanceTimeBy(Duration.ofSeconds(10));
            assertThat(started).isNotDone();
            assertThat(virtual.liveContainers()).isEmpty();
            var next = new FakeRuntimeExecutor(virtual.machine());
            StepVerifier.create(next.present()).expectNext(PLUGIN).verifyComplete();
            StepVerifier.create(next.takeOver(of(1)))
                    .expectNext(new TakeOver.Nothing(7))
                    .verifyComplete();
        }

        @Test
        void anEndThatNobodyHeardIsFoundLater() {
            virtual.script(PLUGIN,
                    FakeBehaviour.LISTENS.ending(Duration.ofSeconds(5), new ExitStatus.Exited(3)));
            var _ = virtual.start(of(2)).toFuture();
            var exits = virtual.exits().next().toFuture();
            virtual.vanish();
            time.advanceTimeBy(Duration.ofSeconds(5));
            assertThat(exits).isNotDone();
            var next = new FakeRuntimeExecutor(virtual.machine());
            StepVerifier.create(next.takeOver(of(1)))
                    .assertNext(it -> assertThat(it)
                            .isInstanceOfSatisfying(TakeOver.Ended.class, ended -> {
                                assertThat(ended.exit().generation()).isEqualTo(2);
                                assertThat(ended.exit().status()).isEqualTo(new ExitStatus.Exited(3));
                            }))
                    .verifyComplete();
        }

        @Test
        void aRebootLeavesNoTrace() {
            var _ = virtual.start(of(2)).toFuture();
            virtual.vanish();
            virtual.machine().reboot();
            var next = new FakeRuntimeExecutor(virtual.machine());
            StepVerifier.create(next.present()).verifyComplete();
            StepVerifier.create(next.takeOver(of(1)))
                    .expectNext(new TakeOver.Nothing(0))
                    .verifyComplete();
        }

        @Test
        void anAlteredBundleIsNotAsWanted() {
            var _ = virtual.start(of(2)).toFuture();
            virtual.machine().alter(PLUGIN);
            StepVerifier.create(virtual.takeOver(of(2)))
                    .assertNext(it -> assertThat(it)
                            .isInstanceOfSatisfying(TakeOver.Running.class,
                                    running -> assertThat(running.asWanted()).isFalse()))
                    .verifyComplete();
        }

        @Test
        void stepsHangAndFailWhenScripted() {
            virtual.script(PLUGIN, FakeBehaviour.LISTENS.hangingAt(Step.TAKE_OVER).hangingAt(Step.DELETE));
            var taken = virtual.takeOver(of(1)).toFuture();
            var deleted = virtual.delete(PLUGIN).toFuture();
            time.advanceTimeBy(Duration.ofDays(1));
            assertThat(taken).isNotDone();
            assertThat(deleted).isNotDone();
            assertThat(virtual.deletes()).containsExactly(PLUGIN);
            virtual.script(PLUGIN, FakeBehaviour.LISTENS.failingAt(Step.TAKE_OVER));
            StepVerifier.create(virtual.takeOver(of(1))).expectError(StepFailed.class).verify();
            assertThat(virtual.takeOvers()).containsExactly(PLUGIN, PLUGIN);
        }
    }
}
