package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.engine.Effect.FindContainer;
import dev.patchbay.engine.Effect.StopContainer;
import dev.patchbay.engine.Effect.StopFound;
import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.executor.RunningContainer;
import dev.patchbay.executor.RuntimeExecutor;
import dev.patchbay.executor.Signal;
import dev.patchbay.executor.TakeOver;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.InMemoryStore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What is mailed, and in which order, about containers of an earlier process. */
class ContainersTest {
    private static final PluginRecord RECORD = EngineWorld.record("echo", true);
    private static final PluginId ECHO = RECORD.plugin().id();
    private static final int FOUND = 7;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FakeRuntimeExecutor earlier = new FakeRuntimeExecutor(time);
    private final FakeRuntimeExecutor executor = new FakeRuntimeExecutor(earlier.machine());
    private final Mailbox mailbox = new Mailbox(8, time);
    private final List<Command> news = new ArrayList<>();
    private final EngineThreads threads = new EngineThreads(time, time, time, time, time, time,
            Clock.fixed(Lives.NOW, ZoneOffset.UTC));
    private final Containers containers = new Containers(executor, new InMemoryStore(), mailbox,
            EngineConfig.of(_ -> {}), threads);
    private Containers listening = containers;

    @BeforeEach
    void opens() {
        var _ = mailbox.subscribe(letter -> news.add(((Letter.Report) letter).command()),
                ContainersTest::lost);
        var _ = executor.exits().subscribe(exit -> listening.exited(exit), ContainersTest::lost);
        var _ = Flux.merge(containers.finding(), containers.stopping())
                .subscribe(_ -> {}, ContainersTest::lost);
        var _ = earlier.start(new ContainerRequest(ECHO, FOUND, "{}", Path.of("/rootfs"), Path.of("/exec"),
                Optional.empty())).toFuture();
        time.advanceTime();
    }

    @AfterEach
    void ends() {
        time.dispose();
    }

    private static void lost(Throwable e) {
        throw new AssertionError("a lane ended", e);
    }

    @Test
    void whatWasNeverLookedForIsLookedForBeforeItIsStoppedSoThatItIsAskedToEnd() {
        containers.stop(new StopFound(RECORD, 1));
        time.advanceTime();

        assertThat(executor.signals())
                .containsExactly(new FakeRuntimeExecutor.SentSignal(ECHO, FOUND, Signal.TERM));
        assertThat(executor.liveContainers()).isEmpty();
        assertThat(news).hasSize(3);
        assertThat(news.getFirst()).isInstanceOf(Command.ContainerFound.class);
        assertThat(news.getLast()).as("by the number of what was stopped")
                .isEqualTo(new Command.ContainerStopped(ECHO, FOUND));
    }

    @Test
    void whatIsBeingLookedForIsStoppedWhenItIsFound() {
        containers.find(new FindContainer(RECORD, LimitOverrides.NONE, 1));
        containers.stop(new StopFound(RECORD, 1));
        time.advanceTime();

        assertThat(executor.takeOvers()).hasSize(1);
        assertThat(executor.signals()).extracting("signal").containsExactly(Signal.TERM);
        assertThat(news.getLast()).isEqualTo(new Command.ContainerStopped(ECHO, FOUND));
    }

    @Test
    void whatHasEndedBeforeItWasFoundIsStoppedByItsNumberThoughThatWasNotRecorded() {
        earlier.end(ECHO, new ExitStatus.Exited(3));
        containers.find(new FindContainer(RECORD, LimitOverrides.NONE, 1));
        containers.stop(new StopFound(RECORD, 1));
        time.advanceTime();

        assertThat(executor.signals()).isEmpty();
        assertThat(news).hasSize(2);
        assertThat(news.getFirst()).isInstanceOf(Command.ContainerFound.class);
        assertThat(news.getLast()).isEqualTo(new Command.ContainerStopped(ECHO, FOUND));
    }

    @Test
    void whatEndedByALateExitOfAnEarlierStartIsStoppedByTheNumberThatIsFound() {
        Containers slow = lanes((method, result) -> method.equals("takeOver")
                ? ((Mono<?>) result.get()).delaySubscription(Duration.ofSeconds(1), time)
                : result.get());
        slow.find(new FindContainer(RECORD, LimitOverrides.NONE, 1));
        slow.exited(exit(1));
        slow.stop(new StopContainer(ECHO, 1));
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(executor.signals()).as("asked to end before it is killed")
                .extracting("signal")
                .containsExactly(Signal.TERM);
        assertThat(executor.liveContainers()).isEmpty();
        assertThat(news).anyMatch(Command.ContainerFound.class::isInstance);
        assertThat(news.getLast()).isEqualTo(new Command.ContainerStopped(ECHO, FOUND));
    }

    @Test
    void anExecutorThatThrowsInsteadOfFailingCostsOneOrderOnly() {
        var broken = new AtomicBoolean(true);
        Containers lanes = lanes((_, result) -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
            return result.get();
        });

        lanes.find(new FindContainer(RECORD, LimitOverrides.NONE, 1));
        time.advanceTime();
        assertThat(news).containsExactly(new Command.ContainerNotFound(ECHO, "broken"));

        broken.set(false);
        lanes.find(new FindContainer(RECORD, LimitOverrides.NONE, 1));
        time.advanceTime();
        assertThat(news.getLast()).isInstanceOf(Command.ContainerFound.class);
    }

    /** The lanes before an executor each of whose methods is tampered with. */
    private Containers lanes(BiFunction<String, Supplier<Object>, Object> tampering) {
        var tampered = (RuntimeExecutor) Proxy.newProxyInstance(ContainersTest.class.getClassLoader(),
                new Class<?>[]{RuntimeExecutor.class},
                (_, method, arguments) -> tampering.apply(method.getName(), () -> called(method, arguments)));
        var lanes = new Containers(tampered, new InMemoryStore(), mailbox, EngineConfig.of(_ -> {}), threads);
        var _ = Flux.merge(lanes.finding(), lanes.stopping()).subscribe(_ -> {}, ContainersTest::lost);
        listening = lanes;
        return lanes;
    }

    private Object called(Method method, Object[] arguments) {
        try {
            return method.invoke(executor, arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot call " + method, e);
        }
    }

    @Test
    void anExitThatIsToldBeforeItIsKnownWhoseItIsCountsAsSoonAsItIs() {
        Run run = Run.sought();
        run.exited(exit(FOUND));
        assertThat(run.isAlive()).isFalse();

        run.found(new TakeOver.Running(new RunningContainer(ECHO, FOUND, 9), true));

        assertThat(run.isAlive()).isFalse();
        assertThat(run.exit().block(Duration.ZERO)).isEqualTo(exit(FOUND));
    }

    @Test
    void anExitOfAnotherGenerationEndsNothing() {
        Run run = Run.sought();
        run.exited(exit(FOUND - 1));

        run.found(new TakeOver.Running(new RunningContainer(ECHO, FOUND, 9), true));

        assertThat(run.isAlive()).isTrue();
        run.exited(exit(FOUND - 1));
        assertThat(run.isAlive()).isTrue();
        run.exited(exit(FOUND));
        assertThat(run.isAlive()).isFalse();
    }

    private static ExitSignal exit(int generation) {
        return new ExitSignal(ECHO, generation, new ExitStatus.Exited(3), Lives.NOW, List.of());
    }
}
