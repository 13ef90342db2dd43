package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Plugins;
import dev.patchbay.executor.FakeRuntimeExecutor;
import dev.patchbay.registry.FakeRegistry;
import dev.patchbay.store.InMemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A host that has settings of its own for Reactor's schedulers. */
@Timeout(60)
class HostSchedulersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Scheduler machine = Schedulers.newSingle("fake-machine");
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    @AfterEach
    void restore() {
        Schedulers.resetFactory();
        machine.dispose();
    }

    /** Makes what Reactor makes, and remembers for whom. */
    private final class HostFactory implements Schedulers.Factory {
        @Override
        public Scheduler newSingle(ThreadFactory threads) {
            remember(threads);
            return Schedulers.Factory.super.newSingle(threads);
        }

        @Override
        public Scheduler newBoundedElastic(int threads, int queued, ThreadFactory factory, int seconds) {
            remember(factory);
            return Schedulers.Factory.super.newBoundedElastic(threads, queued, factory, seconds);
        }

        private void remember(ThreadFactory threads) {
            if (threads instanceof Supplier<?> named) {
                asked.add(String.valueOf(named.get()));
            }
        }
    }

    @Test
    void haveTheEnginesSchedulersMadeByTheHostsFactory() {
        Schedulers.setFactory(new HostFactory());
        Plugins plugins = PluginEngine.open(EngineConfig.of(c -> c.execRoot(folder)), new InMemoryStore(),
                new FakeRuntimeExecutor(machine), new FakeRegistry(machine))
                .blockOptional(PATIENCE)
                .orElseThrow();
        plugins.close().block(PATIENCE);
        assertThat(asked).contains("plugin-state", "plugin-reply", "plugin-events", "plugin-work",
                "plugin-timer");
    }
}
