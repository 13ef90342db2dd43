package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginBusyException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUse;
import dev.patchbay.Plugins;
import dev.patchbay.engine.Command.Acquire;
import dev.patchbay.engine.Command.LetGo;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.event.RingJournal;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.metrics.Metric;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.registry.FakeRegistry;
import dev.patchbay.store.InMemoryStore;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** However a use ends, and whenever, nobody holds the plugin afterwards, and nothing piles up. */
class UseEndsTest {
    private static final Holder DB = Holder.durable("volume-db", "volume db");
    private static final Duration WRITE = Duration.ofMillis(100);
    private static final int MOST_WAITING = 4;
    private static final int RACES = 3000;

    private final EngineWorld world = new EngineWorld(c -> c.waitingPerPlugin(MOST_WAITING), _ -> {});

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void letsGoWhenItIsCancelledWhileItIsSubscribedTo() {
        world.enabled("echo");
        use(Mono.never()).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });
        world.settle();
        assertThat(holders()).isEqualTo(Holders.NONE);
    }

    @Test
    void letsGoWhenAnotherThreadCancelsWhileItIsAskedFor() throws InterruptedException, ExecutionException {
        world.enabled("echo");
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            for (int race = 0; race < RACES; race++) {
                var begun = new AtomicReference<@Nullable Subscription>();
                var ready = new CountDownLatch(1);
                Future<?> cancelling = other.submit(() -> cancelWhenBegun(begun, ready));
                ready.await();
                use(Mono.never()).subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        begun.set(subscription);
                    }
                });
                cancelling.get();
            }
        }
        world.settle();
        assertThat(holders()).isEqualTo(Holders.NONE);
    }

    private static void cancelWhenBegun(AtomicReference<@Nullable Subscription> begun, CountDownLatch ready) {
        ready.countDown();
        Subscription subscription = begun.get();
        while (subscription == null) {
            Thread.onSpinWait();
            subscription = begun.get();
        }
        subscription.cancel();
    }

    @Test
    void countsNobodyAsWaitingWhoHasLetGoWhileTheDiskHangs() {
        world.enabled("echo");
        List<Sinks.One<String>> works = new ArrayList<>();
        List<Asked<String>> uses = new ArrayList<>();
        for (int one = 0; one < 2 * MOST_WAITING; one++) {
            Sinks.One<String> work = Sinks.one();
            works.add(work);
            uses.add(world.ask(use(work.asMono())));
        }
        world.store.delayWrites(WRITE, world.time);
        var durable = world.ask(acquire(DB));
        works.forEach(work -> work.tryEmitValue("done").orThrow());
        world.settle();
        var behind = world.ask(acquire(Holder.passing("other", "other")));
        assertThat(behind.isOver()).isFalse();
        world.pass(WRITE);
        world.settle();
        durable.done();
        behind.done();
        uses.forEach(Asked::done);
        assertThat(holders()).isEqualTo(Holders.of(List.of(DB, Holder.passing("other", "other"))));
        world.store.stopDelaying();
    }

    @Test
    void takesBackWhatIsGivenUpWhileTheDiskHangs() {
        world.enabled("echo");
        world.store.delayWrites(WRITE, world.time);
        var durable = world.ask(acquire(DB));
        for (int one = 0; one < 10 * MOST_WAITING; one++) { // most of them are refused
            Disposable use = use(Mono.never()).onErrorComplete(PluginBusyException.class).subscribe();
            use.dispose();
        }
        world.pass(WRITE);
        world.settle();
        durable.done();
        assertThat(holders()).isEqualTo(Holders.of(List.of(DB)));
        world.store.stopDelaying();
    }

    @Test
    void keepsNoNewsOfUsesThatWereRefused() {
        var capability = InterfaceType.asked("volumedriver");
        var slot = new Slot(new PluginState.Stopped(Lives.wanted()));
        assertThat(slot.means(new LetGo(Lives.PLUGIN, "use:1"))).isFalse();
        slot.held.add(new Letter.Ask(new Acquire(Lives.PLUGIN, capability, Holder.passing("use:1", "x")),
                "test", Reply.unheard()));
        assertThat(slot.means(new LetGo(Lives.PLUGIN, "use:1"))).isTrue();
        assertThat(slot.means(new LetGo(Lives.PLUGIN, "use:2"))).isFalse();
        slot.state = new PluginState.Stopped(Lives.wanted().heldBy(Holders.of(List.of(DB))));
        assertThat(slot.means(new LetGo(Lives.PLUGIN, DB.id()))).isTrue();
    }

    @Test
    void givesNothingBackThatTheStuckDiskHasRefused() {
        world.enabled("echo");
        world.store.delayWrites(Duration.ofHours(1), world.time);
        var durable = world.ask(acquire(DB));
        world.pass(Duration.ofMinutes(10));
        assertThat(durable.error()).isInstanceOf(PluginStorageException.class);
        var refused = world.ask(use(Mono.never()));
        assertThat(refused.error()).isInstanceOf(PluginStorageException.class);
        world.pass(Duration.ofHours(1));
        world.settle();
        assertThat(holders()).isEqualTo(Holders.of(List.of(DB)));
        world.store.stopDelaying();
    }

    /** As it is if the state thread and the one that replies are both faster than the one that asks. */
    @Test
    void givesNothingBackThatWasRefusedBeforeItWasKnownToBeTaken() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Scheduler atOnce = Schedulers.immediate();
        var engine = new Asked<Plugins>(PluginEngine.open(EngineConfig.of(_ -> {}),
                new EngineParts(new InMemoryStore(), new FakeRuntimeExecutor(time), new FakeRegistry(time),
                        RingJournal.ofUsualSize(new Random(1))),
                new EngineThreads(atOnce, atOnce, atOnce, atOnce, atOnce, time, Clock.systemUTC())));
        time.advanceTime();
        Plugins plugins = engine.value();
        var created = new Asked<PluginId>(
                plugins.create("off", PluginContexts.sample("off").publisher()));
        time.advanceTime();
        assertThat(created.value()).isNotNull();

        long before = asked(plugins);
        var refused = new Asked<String>(
                plugins.<String>use("off", "volumedriver", "x", _ -> Mono.never()).single());
        assertThat(refused.error()).isInstanceOf(PluginConflictException.class);
        assertThat(asked(plugins) - before).as("letters: the one that asks").isEqualTo(1);

        new Asked<Void>(plugins.close());
        time.advanceTime();
        time.dispose();
    }

    /** How many letters were delivered that ask for something, or take it back. */
    private static long asked(Plugins plugins) {
        return plugins.metrics()
                .stream()
                .filter(one -> one.metric() == Metric.MAILBOX_WAIT)
                .findFirst()
                .orElseThrow()
                .count();
    }

    private Mono<String> use(Mono<String> work) {
        return world.plugins.<String>use("echo", "volumedriver", "x", _ -> work).single();
    }

    private Mono<PluginUse> acquire(Holder holder) {
        return world.plugins.acquire("echo", "volumedriver", holder);
    }

    private Holders holders() {
        return world.view("echo").inUseBy();
    }
}
