package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.SeccompHost;
import dev.patchbay.oci.DeviceNode;
import dev.patchbay.oci.HostFacts;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import dev.patchbay.store.InMemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What a host whose file systems hang costs, with real threads: those plugins that need it, and no others. */
class HostLooksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMillis(50);

    /** More than there are threads for looks that do not hang. */
    private static final int MANY = 40;

    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicInteger looking = new AtomicInteger();
    private final EngineThreads threads = EngineThreads.start(new HangingHost());
    private final ContainerRequests requests = new ContainerRequests(new InMemoryStore(),
            EngineConfig.of(_ -> {}), threads.host());
    private final HostLooks looks = new HostLooks(requests, threads, LIMIT);

    @AfterEach
    void stops() {
        answered.countDown();
        threads.stop().block(PATIENCE);
    }

    @Test
    void pluginsOnAFileSystemThatHangsKeepNoOtherFromStarting() {
        for (int time = 0; time < 3; time++) {
            for (int plugin = 0; plugin < MANY; plugin++) {
                StepVerifier.create(looks.request(record(plugin, "/dev/hanging"), LimitOverrides.NONE, 1))
                        .expectErrorSatisfies(
                                e -> assertThat(e).hasMessageContaining("took longer than 50ms"))
                        .verify(PATIENCE);
            }
        }

        // Nothing but the growth of the pool can let it through: it waits behind all of them.
        var sound = new HostLooks(requests, threads, PATIENCE);
        StepVerifier.create(sound.request(record(MANY, ""), LimitOverrides.NONE, 1))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(looking.get()).as("one look for each plugin").isEqualTo(MANY);
    }

    @Test
    void whoComesWhileALookHangsHasHisOwnAsSoonAsItIsOver() {
        var patient = new HostLooks(requests, threads, PATIENCE);
        var first = patient.request(record(1, "/dev/hanging"), LimitOverrides.NONE, 1).toFuture();
        var second = patient.request(record(1, ""), LimitOverrides.NONE, 2).toFuture();
        assertThat(second.isDone()).isFalse();

        answered.countDown();

        assertThat(first.join().generation()).isEqualTo(1);
        assertThat(second.join().generation()).isEqualTo(2);
    }

    @Test
    void withoutMoreThreadsALookFailsAndTheNextOneIsHadAllTheSame() {
        var failing = new AtomicBoolean(true);
        try (ExecutorService pool = Executors.newSingleThreadExecutor(work -> {
            if (failing.getAndSet(false)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(work);
        })) {
            var poor = new HostLooks(requests, new EngineThreads(threads.state(), threads.events(),
                    threads.replies(), threads.work(), Schedulers.fromExecutorService(pool), threads.timers(),
                    threads.clock()), PATIENCE);
            StepVerifier.create(poor.request(record(1, ""), LimitOverrides.NONE, 1))
                    .expectErrorMessage("the system has no more threads")
                    .verify(PATIENCE);
            StepVerifier.create(poor.request(record(1, ""), LimitOverrides.NONE, 2))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    private static PluginRecord record(int number, String device) {
        String devices = device.isEmpty() ? "" : "{\"name\":\"d\",\"path\":\"" + device + "\"}";
        var config = PluginJson.config("""
                {"entrypoint":["/bin/p"],"interface":{"socket":"p.sock","types":["docker.volumedriver/1.0"]},\
                "linux":{"devices":[%s]}}""".formatted(devices).getBytes(StandardCharsets.UTF_8));
        var old = Lives.unwanted().record().plugin();
        var plugin = new InstalledPlugin(config, false, new PluginId("%064x".formatted(number)), old.name(),
                old.reference(), Settings.initial(config));
        return new PluginRecord(plugin, "", Optional.empty(), Slice.none(), Optional.empty(), "");
    }

    /** Does not answer about one device until it is told to, and heeds no interrupt, as a kernel does not. */
    private final class HangingHost implements HostFacts {
        @Override
        public List<DeviceNode> devices(String path) {
            looking.incrementAndGet();
            boolean waiting = true;
            while (waiting) {
                try {
                    answered.await();
                    waiting = false;
                } catch (InterruptedException _) {
                    waiting = true;
                }
            }
            return List.of();
        }

        @Override
        public List<String> thermalThrottlePaths() {
            return List.of();
        }

        @Override
        public SeccompHost seccompHost() {
            return new SeccompHost("amd64", new SeccompHost.Kernel(6, 1));
        }

        @Override
        public boolean limitsSwap() {
            return true;
        }
    }
}
