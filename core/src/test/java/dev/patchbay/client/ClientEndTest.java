package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** Between the moment in which a client is told to end and that in which all who wait have heard of it. */
@Timeout(60)
class ClientEndTest {
    private static final PluginCall<Void> SLOW = PluginCall.of("Sample.Slow");

    @TempDir
    private Path folder;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answering = new CountDownLatch(1);
    private final CountDownLatch timely = new CountDownLatch(1);
    private ScriptedPlugin plugin;
    private PluginClients clients;

    @BeforeEach
    void open() throws IOException {
        plugin = ScriptedPlugin.at(folder.resolve("p"))
                .on("Sample.Quick", Behaviour.json("{}"))
                .on("Sample.Slow", (_, peer) -> {
                    asked.countDown();
                    answering.await();
                    peer.answer(200, "{}");
                });
        ClientThreads usual = ClientThreads.start();
        usual.clock().scheduler().dispose();
        var threads = new ClientThreads(usual.loops(), usual.ends(), usual.codec(),
                new CallClock(Schedulers.fromExecutorService(timer)));
        clients = PluginClients.open(new ClientOptions(Duration.ofSeconds(30), 1 << 20,
                new CallLimits(1, 4, 1), PluginWorld.QUICK, PluginWorld.PATIENT), threads);
    }

    @AfterEach
    void close() throws IOException {
        timely.countDown();
        answering.countDown();
        clients.close().block(PluginWorld.PATIENCE);
        plugin.close();
    }

    private GenerationClient client(int generation) {
        return clients.connect(
                new PluginEndpoint("p", generation, new PluginAddress.Unix(plugin.socket()), ""));
    }

    @Test
    void nothingIsSentAnyMore() throws Exception {
        var client = client(1);
        var underWay = client.call(SLOW).toFuture();
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        var waiting = client.call(SLOW).toFuture();
        timer.execute(() -> {
            try {
                timely.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // the test has failed
            }
        });
        var ended = client.end().toFuture();
        answering.countDown();
        assertThat(underWay.get(10, TimeUnit.SECONDS)).isNull();
        // On the same event loop: what the answer led to there has been done by then.
        client(2).call(PluginCall.of("Sample.Quick")).block(PluginWorld.PATIENCE);

        timely.countDown();
        ended.get(10, TimeUnit.SECONDS);
        assertThat(waiting.exceptionNow()).isInstanceOf(PluginCallException.Ended.class);
        assertThat(plugin.received()).extracting(Received::method)
                .containsExactly("Sample.Slow", "Sample.Quick");
    }
}
