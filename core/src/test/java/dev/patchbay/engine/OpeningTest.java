package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginStorageException;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.RingJournal;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.registry.Registry;
import dev.patchbay.store.InMemoryStore;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.StoreException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** An engine that does not come to be leaves nothing open; with real threads, which have to end as well. */
class OpeningTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FakeRuntimeExecutor executor = new FakeRuntimeExecutor(Schedulers.immediate());
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger journalsClosed = new AtomicInteger();
    private final EventJournal memory = RingJournal.ofUsualSize(new Random(1));
    private final EventJournal journal = journal(memory.open());

    /** A journal that is opened so. */
    private EventJournal journal(Mono<EventJournal.Opened> opened) {
        return (EventJournal) Proxy.newProxyInstance(OpeningTest.class.getClassLoader(),
                new Class<?>[]{EventJournal.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "open" -> opened;
                    case "close" -> Mono.fromRunnable(journalsClosed::incrementAndGet);
                    default -> method.invoke(memory, arguments);
                });
    }

    /** A store that loads so. */
    private PluginStore store(Flux<Loaded> loaded) {
        var store = new InMemoryStore();
        return (PluginStore) Proxy.newProxyInstance(OpeningTest.class.getClassLoader(),
                new Class<?>[]{PluginStore.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "load" -> loaded;
                    case "close" -> Mono.fromRunnable(closed::incrementAndGet);
                    default -> method.invoke(store, arguments);
                });
    }

    @Test
    void closesAllIfTheDirectoryCannotBeRead() {
        Flux<Loaded> broken = Flux.error(new StoreException("the directory is in use", null));

        StepVerifier
                .create(PluginEngine.open(EngineConfig.of(_ -> {}), store(broken), executor, Registry.none(),
                        journal))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(PluginStorageException.class)
                        .hasMessage("the directory is in use"))
                .verify(PATIENCE);

        assertThat(closed).hasValue(1);
        assertThat(journalsClosed).hasValue(1);
        assertThat(executor.isGone()).isTrue();
    }

    @Test
    void closesAllIfNobodyWaitsAnyMore() {
        var waiting = PluginEngine
                .open(EngineConfig.of(_ -> {}), store(Flux.never()), executor, Registry.none(), journal)
                .toFuture();

        waiting.cancel(true);

        awaitClosed();
    }

    @Test
    void closesAllIfNobodyWaitsForAJournalThatHangs() {
        var waiting = PluginEngine
                .open(EngineConfig.of(_ -> {}), store(Flux.never()), executor, Registry.none(),
                        journal(Mono.never()))
                .toFuture();

        waiting.cancel(true);

        awaitClosed();
    }

    @Test
    void givesBackWhatItsExecutorClaimsIfNobodyWaitsAnyMoreMeanwhile() {
        Sinks.Empty<Void> claimable = Sinks.empty();
        executor.claims().after(claimable.asMono());
        var waiting = PluginEngine
                .open(EngineConfig.of(_ -> {}), store(Flux.never()), executor, Registry.none(), journal)
                .toFuture();
        assertThat(executor.claims().asked()).isEqualTo(1);

        waiting.cancel(true);

        awaitClosed();
        claimable.tryEmitEmpty().orThrow(); // it was under way, and nobody can stop it
        StepVerifier.create(new FakeRuntimeExecutor(executor.machine()).claim())
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void givesBackWhatItsExecutorHasClaimedIfTheDirectoryCannotBeRead() {
        Flux<Loaded> broken = Flux.error(new StoreException("the directory is in use", null));
        StepVerifier
                .create(PluginEngine.open(EngineConfig.of(_ -> {}), store(broken), executor, Registry.none(),
                        journal))
                .expectError(PluginStorageException.class)
                .verify(PATIENCE);
        assertThat(executor.claims().asked()).isEqualTo(1);
        StepVerifier.create(new FakeRuntimeExecutor(executor.machine()).claim())
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void looksAtNothingThatAnotherEngineHasClaimed() {
        new FakeRuntimeExecutor(executor.machine()).claim().block(PATIENCE);
        var loads = new AtomicInteger();
        StepVerifier
                .create(PluginEngine.open(EngineConfig.of(_ -> {}),
                        store(Flux.<Loaded>never().doFirst(loads::incrementAndGet)), executor,
                        Registry.none(), journal(memory.open().doFirst(loads::incrementAndGet))))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(PluginStorageException.class)
                        .hasMessage("the machine is in use by another executor; close that one"))
                .verify(PATIENCE);
        assertThat(loads).hasValue(0);
        awaitClosed();
    }

    private void awaitClosed() {
        StepVerifier.create(Mono.fromSupplier(closed::get)
                .filter(times -> times == 1)
                .repeatWhenEmpty(looks -> looks.delayElements(Duration.ofMillis(5))))
                .expectNext(1)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(journalsClosed).hasValue(1);
        assertThat(executor.isGone()).isTrue();
    }

    @Test
    void nothingBeginsBeforeSomebodyWants() {
        Set<Thread> others = Thread.getAllStackTraces().keySet(); // of an engine that has just been closed, too
        Mono<?> never = PluginEngine.open(EngineConfig.of(_ -> {}), store(Flux.never()), executor,
                Registry.none(), journal);

        assertThat(never).isNotNull();
        assertThat(Thread.getAllStackTraces().keySet()).filteredOn(thread -> !others.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("plugin-"));
    }
}
