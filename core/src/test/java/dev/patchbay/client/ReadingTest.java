package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** What takes a while to be read or written is part of its call, and costs other plugins nothing. */
@Timeout(60)
class ReadingTest {
    private static final PluginCall<Told> READ = PluginCall.of("Sample.Read", Told.class);
    private static final PluginCall<Void> WRITE = PluginCall.of("Sample.Write")
            .body(List.of("x".repeat(100_000)));
    private static final Told TOLD = new Told("x".repeat(100_000));
    private static final Behaviour LARGE = Behaviour.json("{\"Text\":\"" + TOLD.text() + "\"}");

    @TempDir
    private Path folder;

    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final List<ScriptedPlugin> plugins = new ArrayList<>();
    private PluginClients clients;

    /** An answer. */
    record Told(String text) {}

    @BeforeEach
    void open() {
        ClientThreads usual = ClientThreads.start();
        usual.codec().dispose();
        var threads = new ClientThreads(usual.loops(), usual.ends(), Schedulers.fromExecutor(work::add),
                usual.clock());
        clients = PluginClients
                .open(new ClientOptions(Duration.ofSeconds(10), 1 << 20, new CallLimits(4, 4, 1),
                        PluginWorld.QUICK, new CircuitLimits(1, 1, Duration.ofMinutes(1))), threads);
    }

    @AfterEach
    void close() throws IOException {
        clients.close().block(PluginWorld.PATIENCE);
        for (ScriptedPlugin plugin : plugins) {
            plugin.close();
        }
    }

    private GenerationClient plugin(String name, Behaviour read) throws IOException {
        var plugin = ScriptedPlugin.at(folder.resolve(name))
                .on("Sample.Read", read)
                .on("Sample.Write", Behaviour.json("{}"));
        plugins.add(plugin);
        return clients.connect(new PluginEndpoint(name, 1, new PluginAddress.Unix(plugin.socket()), ""));
    }

    private Runnable next() throws InterruptedException {
        Runnable next = work.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void anAnswerThatIsNotReadYetCountsAndIsLostWithThePlugin() throws IOException, InterruptedException {
        var client = plugin("p", LARGE);
        var call = client.call(READ).toFuture();
        Runnable reading = next();
        assertThat(client.underWay()).isEqualTo(1);
        client.end().block(PluginWorld.PATIENCE);
        assertThat(call.exceptionNow()).isInstanceOf(PluginCallException.Broken.class)
                .hasMessage("plugin p ended during Sample.Read");
        reading.run();
        assertThat(client.underWay()).isZero();
    }

    @Test
    void anAnswerIsReadInTimeOrNotAtAllAndThatIsNoFaultOfThePlugin()
            throws IOException, InterruptedException {
        var client = plugin("p", LARGE);
        assertThatThrownBy(() -> client.call(READ.timeout(PluginWorld.SOON)).block())
                .isInstanceOf(PluginCallException.TimedOut.class);
        next().run();
        var call = client.call(READ).toFuture();
        next().run();
        assertThat(call.join()).isEqualTo(TOLD);
    }

    @Test
    void noMoreWaitToBeReadThanMayCall() throws IOException, InterruptedException {
        var client = plugin("p", LARGE);
        var calls = new ArrayList<CompletableFuture<Told>>();
        for (int i = 0; i < 8; i++) {
            calls.add(client.call(READ).toFuture());
        }
        while (plugins.getFirst().received().size() < 8) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> client.call(READ).block()).isInstanceOf(PluginCallException.TooMany.class);
        calls.forEach(call -> call.cancel(true));
        assertThat(client.underWay()).isZero();
        var call = client.call(READ).toFuture();
        while (!call.isDone()) {
            next().run();
        }
        assertThat(call.join()).isEqualTo(TOLD);
    }

    @Test
    void onePluginsAnswersDoNotHoldUpThoseOfAnother() throws IOException, InterruptedException {
        var busy = plugin("p", LARGE);
        var calls = new ArrayList<CompletableFuture<Told>>();
        for (int i = 0; i < 6; i++) {
            calls.add(busy.call(READ).toFuture());
        }
        Runnable itsTurn = next();
        var other = plugin("q", LARGE).call(READ).toFuture();
        next().run();
        assertThat(other.join()).isEqualTo(TOLD);
        assertThat(calls).noneMatch(CompletableFuture::isDone);
        for (itsTurn.run(); calls.stream().anyMatch(call -> !call.isDone());) {
            next().run();
        }
        assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(TOLD));
    }

    @Test
    void whatIsLargeIsWrittenElsewhereAndOnce() throws IOException, InterruptedException {
        var client = plugin("p", LARGE);
        var call = client.call(WRITE).toFuture();
        Runnable writing = next();
        assertThat(plugins.getFirst().accepted()).isZero();
        plugins.getFirst().on("Sample.Write", Behaviour.json("{}"));
        writing.run();
        assertThat(call.join()).isNull();
        assertThat(plugins.getFirst().received()).singleElement()
                .satisfies(request -> assertThat(request.body()).hasSize(100_005));
    }

    @Test
    void whatIsNotWrittenYetEndsWithThePlugin() throws IOException, InterruptedException {
        var client = plugin("p", LARGE);
        var call = client.call(WRITE).toFuture();
        var stream = client.stream(WRITE).then().toFuture();
        Runnable first = next();
        client.end().block(PluginWorld.PATIENCE);
        assertThat(call.exceptionNow()).isInstanceOf(PluginCallException.Ended.class);
        assertThat(stream.exceptionNow()).isInstanceOf(PluginCallException.Ended.class);
        first.run();
        assertThat(plugins.getFirst().accepted()).isZero();
    }
}
