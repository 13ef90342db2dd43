package dev.patchbay.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Bodies and answers that are streams. */
@Timeout(60)
class StreamTest {
    private static final String METHOD = "LogDriver.ReadLogs";
    private static final PluginCall<Void> READ = PluginCall.of(METHOD);
    private static final int CHUNK = 32 << 10;

    private final PluginWorld world = new PluginWorld(new CallLimits(1, 1, 2), PluginWorld.PATIENT);

    record Told(int got) {}

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    @Test
    void sendsAStreamInChunks() {
        world.plugin.on(METHOD, Behaviour.json("{\"got\":1}"));
        var call = PluginCall.of(METHOD, Told.class)
                .stream(Flux.range(0, 1000).map(i -> bytes("line " + i + "\n")));
        assertThat(world.ask(call)).isEqualTo(new Told(1));
        assertThat(world.plugin.received()).singleElement().satisfies(request -> {
            assertThat(request.headers("transfer-encoding")).containsExactly("chunked");
            assertThat(request.headers("content-length")).isEmpty();
            assertThat(request.text()).startsWith("line 0\nline 1\n").endsWith("line 999\n");
        });
    }

    @Test
    void takesNoMoreOfAStreamThanThePluginDoes() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var let = new CountDownLatch(1);
        var asked = new AtomicLong();
        world.plugin.onHead(METHOD, (_, peer) -> {
            peer.chunk();
            begun.countDown();
            let.await();
            for (byte[] chunk = peer.chunk(); chunk.length > 0; chunk = peer.chunk()) {
                assertThat(chunk).isNotEmpty();
            }
            peer.answer(200, "{}");
        });
        var body = Flux.range(0, 2000)
                .map(_ -> ByteBuffer.allocate(CHUNK))
                .doOnNext(_ -> asked.incrementAndGet());
        var call = world.client.call(PluginCall.of(METHOD).stream(body)).toFuture();
        begun.await();
        assertThat(asked.get()).isLessThan(1000);
        let.countDown();
        assertThat(call.join()).isNull();
        assertThat(asked.get()).isEqualTo(2000);
    }

    @Test
    void handsOnAnAnswerAsItIsAskedFor() throws InterruptedException {
        var written = new AtomicLong();
        world.plugin.on(METHOD, (_, peer) -> {
            peer.write(Peer.head(200, "Transfer-Encoding: chunked"));
            byte[] chunk = (Integer.toHexString(CHUNK) + "\r\n" + "x".repeat(CHUNK) + "\r\n").getBytes(UTF_8);
            for (int i = 0; i < 1000; i++) {
                peer.write(chunk);
                written.incrementAndGet();
            }
            peer.write("0\r\n\r\n");
        });
        var length = new AtomicLong();
        StepVerifier.create(world.client.stream(READ).doOnNext(some -> length.addAndGet(some.remaining())), 1)
                .expectNextCount(1)
                .then(() -> assertThat(written.get()).isLessThan(900))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(_ -> true)
                .verifyComplete();
        assertThat(length.get()).isEqualTo(1000L * CHUNK);
        assertThat(world.plugin.isDownTo(0)).isTrue();
        assertThat(world.client.underWay()).isZero();
    }

    @Test
    void aStreamThatHasBegunMayTakeItsTimeAndCallsDoNotWaitForIt() {
        var more = new CountDownLatch(1);
        world.plugin.on(METHOD, (_, peer) -> {
            peer.write(Peer.head(200, "Transfer-Encoding: chunked"));
            peer.write("2\r\nhi\r\n");
            more.await();
            peer.write("3\r\nyou\r\n0\r\n\r\n");
        }).on("Sample.Hang", Behaviour.hang());
        StepVerifier.create(world.client.stream(READ.timeout(Duration.ofSeconds(1))).map(StreamTest::text))
                .expectNext("hi")
                .then(() -> assertThatThrownBy(
                        () -> world.client.call(PluginCall.of("Sample.Hang").timeout(Duration.ofMillis(1500)))
                                .block())
                        .isInstanceOf(PluginCallException.TimedOut.class))
                .then(more::countDown)
                .expectNext("you")
                .verifyComplete();
    }

    @Test
    void aStreamThatDoesNotBeginTimesOut() throws InterruptedException {
        world.plugin.on(METHOD, Behaviour.hang());
        StepVerifier.create(world.client.stream(READ.timeout(PluginWorld.SOON)))
                .verifyError(PluginCallException.TimedOut.class);
        assertThat(world.plugin.isDownTo(0)).isTrue();
    }

    @Test
    void aStreamThatIsRefusedSaysWhy() {
        world.plugin.on(METHOD, Behaviour.status(404, "{\"Err\":\"no such container\"}"));
        StepVerifier.create(world.client.stream(READ))
                .verifyErrorMessage("plugin p refuses LogDriver.ReadLogs: no such container");
        assertThat(world.client.underWay()).isZero();
    }

    @Test
    void aStreamThatBreaksOffSaysSo() {
        world.plugin.on(METHOD, Behaviour.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
        StepVerifier.create(world.client.stream(READ).map(StreamTest::text))
                .expectNext("half")
                .verifyError(PluginCallException.Broken.class);
    }

    @Test
    void cancellingAStreamClosesItsConnection() throws InterruptedException {
        world.plugin.on(METHOD, (_, peer) -> {
            peer.write(Peer.head(200, "Transfer-Encoding: chunked"));
            peer.write("2\r\nhi\r\n");
            peer.awaitEnd();
        });
        StepVerifier.create(world.client.stream(READ)).expectNextCount(1).thenCancel().verify();
        assertThat(world.plugin.isDownTo(0)).isTrue();
        assertThat(world.client.underWay()).isZero();
    }

    @Test
    void endsWithThePlugin() throws InterruptedException {
        world.plugin.on(METHOD, (_, peer) -> {
            peer.write(Peer.head(200, "Transfer-Encoding: chunked"));
            peer.write("2\r\nhi\r\n");
            peer.awaitEnd();
        });
        StepVerifier.create(world.client.stream(READ))
                .expectNextCount(1)
                .then(() -> world.client.end().block(PluginWorld.PATIENCE))
                .verifyErrorMessage("plugin p ended during LogDriver.ReadLogs");
        assertThat(world.plugin.isDownTo(0)).isTrue();
    }

    @Test
    void thereAreOnlySoManyStreams() {
        world.plugin.on(METHOD, Behaviour.hang());
        var first = world.client.stream(READ).subscribe();
        var second = world.client.stream(READ).subscribe();
        StepVerifier.create(world.client.stream(READ)).verifyError(PluginCallException.TooMany.class);
        first.dispose();
        second.dispose();
        assertThat(world.client.underWay()).isZero();
    }

    @Test
    void whatTheBodyFailsWithIsWhatTheCallFailsWith() throws InterruptedException {
        world.plugin.on(METHOD, Behaviour.json("{}"));
        var body = Flux.concat(Flux.just(bytes("a")), Flux.<ByteBuffer>error(new IOException("the disk")));
        StepVerifier.create(world.client.call(PluginCall.of(METHOD).stream(body)))
                .verifyErrorMessage("the disk");
        assertThat(world.plugin.isDownTo(0)).isTrue();
        assertThat(world.plugin.received()).isEmpty();
    }
}
