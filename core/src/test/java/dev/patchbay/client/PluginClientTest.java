package dev.patchbay.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is said to a plugin and understood of it, over a real socket. */
@Timeout(60)
class PluginClientTest {
    private static final String MOUNT = "VolumeDriver.Mount";
    private static final PluginCall<Mounted> CALL = PluginCall.of(MOUNT, Mounted.class)
            .body(new Mount("data", "c1"));
    private static final Behaviour MOUNTED = Behaviour.json("{\"Mountpoint\":\"/m/data\",\"Err\":\"\"}");

    private final PluginWorld world = new PluginWorld();

    record Mount(String name, String id) {}

    record Mounted(String mountpoint) {}

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Test
    void speaksDockersPluginProtocol() {
        world.plugin.on(MOUNT, MOUNTED);
        assertThat(world.ask(CALL)).isEqualTo(new Mounted("/m/data"));
        assertThat(world.plugin.received()).singleElement().satisfies(request -> {
            assertThat(request.head()).first().isEqualTo("POST /VolumeDriver.Mount HTTP/1.1");
            assertThat(request.headers("host")).containsExactly("plugin.moby.localhost");
            assertThat(request.headers("accept"))
                    .containsExactly("application/vnd.docker.plugins.v1.2+json");
            assertThat(request.headers("content-type")).isEmpty();
            assertThat(request.headers("content-length")).containsExactly("26");
            assertThat(request.headers("transfer-encoding")).isEmpty();
            assertThat(request.text()).isEqualTo("{\"Name\":\"data\",\"Id\":\"c1\"}\n");
        });
    }

    @Test
    void sendsNoBodyWhereThereIsNone() {
        world.plugin.on("VolumeDriver.List", MOUNTED);
        world.ask(PluginCall.of("VolumeDriver.List", Mounted.class));
        assertThat(world.plugin.received()).singleElement().satisfies(request -> {
            assertThat(request.headers("content-length")).containsExactly("0");
            assertThat(request.headers("transfer-encoding")).isEmpty();
            assertThat(request.body()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/vnd.docker.plugins.v1+json", "application/vnd.docker.plugins.v1.1+json",
                    "application/vnd.docker.plugins.v1.2+json", "text/plain"})
    void takesAnAnswerOfAnyContentType(String type) {
        world.plugin.on(MOUNT, (_, peer) -> {
            peer.write(Peer.head(200, "Content-Type: " + type + "\r\nContent-Length: 19"));
            peer.write("{\"Mountpoint\":\"/m\"}");
        });
        assertThat(world.ask(CALL)).isEqualTo(new Mounted("/m"));
    }

    @Test
    void takesAnAnswerInChunksAndOneThatEndsWithItsConnection() {
        world.plugin.on(MOUNT, (_, peer) -> {
            peer.write(Peer.head(200, "Transfer-Encoding: chunked"));
            peer.write("5\r\n{\"Mou\r\ne\r\nntpoint\":\"/m\"}\r\n0\r\n\r\n");
        }, Behaviour.raw("HTTP/1.1 200 OK\r\n\r\n{\"Mountpoint\":\"/n\"}"));
        assertThat(world.ask(CALL)).isEqualTo(new Mounted("/m"));
        assertThat(world.ask(CALL)).isEqualTo(new Mounted("/n"));
    }

    @Test
    void usesAConnectionAgain() {
        world.plugin.on(MOUNT, MOUNTED);
        for (int i = 0; i < 10; i++) {
            world.ask(CALL);
        }
        // The caller may come back before the connection is.
        assertThat(world.plugin.accepted()).isLessThan(10);
    }

    @Test
    void readsALargeAnswerElsewhere() {
        String large = "x".repeat(200_000);
        world.plugin.on(MOUNT, Behaviour.json("{\"Mountpoint\":\"" + large + "\"}"));
        String thread = world.client.call(CALL)
                .map(answer -> answer.mountpoint().equals(large) ? Thread.currentThread().getName() : "wrong")
                .block(PluginWorld.PATIENCE);
        assertThat(thread).startsWith("plugin-codec");
    }

    @Test
    void answersArriveWhereNobodyMayBlockAndWhoDoesIsFound() {
        world.plugin.on(MOUNT, MOUNTED);
        world.ask(CALL); // the first of its type is read elsewhere
        StepVerifier.create(world.client.call(CALL).flatMap(_ -> Mono.fromCallable(() -> {
            Thread.sleep(1);
            return "slept";
        }))).verifyError(BlockingOperationError.class);
    }

    @Test
    void completesEmptyWhereNothingIsToBeRead() {
        world.plugin.on("VolumeDriver.Remove", Behaviour.json("{\"Err\":\"\"}"), Behaviour.json(""));
        var call = PluginCall.of("VolumeDriver.Remove").body(new Mount("a", "b"));
        assertThat(world.client.call(call).blockOptional(PluginWorld.PATIENCE)).isEmpty();
        assertThat(world.client.call(call).blockOptional(PluginWorld.PATIENCE)).isEmpty();
    }

    @Test
    void tellsWhatThePluginRefuses() {
        world.plugin.on(MOUNT, Behaviour.status(500, "{\"Err\":\"disk is full\"}"));
        var refused = catchThrowableOfType(PluginCallException.Refused.class,
                () -> world.ask(CALL.asRepeatable()));
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.text()).isEqualTo("disk is full");
        assertThat(world.plugin.received()).as("an answer is never asked for again").hasSize(1);
        assertThatThrownBy(() -> world.ask(PluginCall.of("No.Such", Mounted.class)))
                .isInstanceOf(PluginCallException.Refused.class)
                .hasMessageEndingWith("no such method");
    }

    @Test
    void sendsNothingOfWhatCannotBeWritten() {
        var endless = new ArrayList<Object>();
        endless.add(endless);
        assertThatThrownBy(() -> world.ask(PluginCall.of(MOUNT, Mounted.class).body(endless)))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(world.plugin.accepted()).isZero();
    }

    @Test
    void makesEachSubscriptionACallAndNoneBefore() {
        world.plugin.on(MOUNT, MOUNTED);
        Mono<Mounted> call = world.client.call(CALL);
        assertThat(world.plugin.accepted()).isZero();
        call.block(PluginWorld.PATIENCE);
        call.block(PluginWorld.PATIENCE);
        assertThat(world.plugin.received()).hasSize(2);
    }

    @Test
    void shakesHandsOncePerStart() {
        world.plugin.on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"VolumeDriver\",\"authz\"]}"));
        assertThat(world.client.subsystems().block()).containsExactly("VolumeDriver", "authz");
        Flux.range(0, 10).flatMap(_ -> world.client.implementing("VolumeDriver"), 10).blockLast();
        assertThat(world.plugin.received()).hasSize(1);
        world.connect(world.plugin, 2).implementing("authz").block();
        assertThat(world.plugin.received()).hasSize(2);
        assertThat(world.plugin.received().getFirst().body()).isEmpty();
    }

    @Test
    void remembersNoHandshakeThatFailed() {
        world.plugin.on("Plugin.Activate", Behaviour.status(503, "not yet"),
                Behaviour.json("{\"Implements\":[\"VolumeDriver\"]}"));
        assertThatThrownBy(() -> world.client.implementing("VolumeDriver").block())
                .isInstanceOf(PluginCallException.Refused.class);
        assertThat(world.client.implementing("VolumeDriver").block()).isSameAs(world.client);
    }

    @Test
    void aHandshakeOutlivesTheFirstWhoAskedForIt() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var both = new CountDownLatch(1);
        world.plugin.on("Plugin.Activate", (_, peer) -> {
            asked.countDown();
            both.await();
            peer.answer(200, "{\"Implements\":[\"VolumeDriver\"]}");
        });
        var first = world.client.subsystems().subscribe();
        var second = world.client.subsystems().toFuture();
        asked.await();
        first.dispose();
        both.countDown();
        assertThat(second.join()).containsExactly("VolumeDriver");
        assertThat(world.plugin.received()).hasSize(1);
    }

    @Test
    void saysWhatAPluginDoesNotImplement() {
        world.plugin.on("Plugin.Activate", Behaviour.json("{\"Implements\":null}"));
        assertThatThrownBy(() -> world.client.implementing("NetworkDriver").block())
                .isInstanceOf(PluginCallException.NotImplemented.class)
                .hasMessage("plugin p does not implement the requested driver: "
                        + "requested implementation=\"NetworkDriver\"");
    }

    @Test
    @DisplayName("D59: what a plugin implements is compared without regard to case")
    void knowsSubsystemsInAnyCaseD59() {
        world.plugin.on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"volumedriver\"]}"));
        assertThat(world.client.implementing("VolumeDriver").block()).isSameAs(world.client);
    }

    @Test
    @DisplayName("D60: a plugin that speaks another scheme is not called, and says where it is")
    void callsNobodyWhoSpeaksAnotherSchemeD60() {
        var address = new PluginAddress.Unix(world.plugin.socket());
        var client = world.connect(new PluginEndpoint("csi", 1, address, "csi.plugin/v1"));
        assertThat(client.scheme()).isEqualTo("csi.plugin/v1");
        assertThat(client.address()).isEqualTo(address);
        for (Mono<?> call : List.of(client.call(CALL), client.stream(CALL).then(), client.subsystems(),
                client.implementing("VolumeDriver"))) {
            assertThatThrownBy(() -> call.block(PluginWorld.PATIENCE))
                    .isInstanceOf(PluginCallException.OtherScheme.class)
                    .hasMessageContaining("csi.plugin/v1")
                    .hasMessageContaining("unix://" + world.plugin.socket());
        }
        assertThat(world.plugin.accepted()).isZero();
    }

    @Test
    @DisplayName("D70: a call that is made again has its whole body again")
    void sendsTheWholeBodyAgainD70() {
        world.plugin.on(MOUNT, Behaviour.close(), Behaviour.raw("HTTP/1.1 200 OK\r\nContent-Le"), MOUNTED);
        assertThat(world.ask(CALL.asRepeatable())).isEqualTo(new Mounted("/m/data"));
        assertThat(world.plugin.received()).hasSize(3)
                .allSatisfy(request -> assertThat(request.text())
                        .isEqualTo("{\"Name\":\"data\",\"Id\":\"c1\"}\n"));
    }

    @Test
    @DisplayName("D71: a call that nobody called repeatable is made once, whatever becomes of it")
    void makesNoCallTwiceD71() {
        world.plugin.on(MOUNT, Behaviour.close(), Behaviour.hang(), MOUNTED);
        assertThatThrownBy(() -> world.ask(CALL)).isInstanceOf(PluginCallException.Broken.class);
        assertThatThrownBy(() -> world.ask(CALL.timeout(PluginWorld.SOON)))
                .isInstanceOf(PluginCallException.TimedOut.class);
        assertThat(world.plugin.received()).hasSize(2);
    }

    @Test
    @DisplayName("D71: nor is it when the connection was used before, and broke before anything was said")
    void makesNoCallTwiceOnAnOldConnectionD71() {
        world.plugin.on(MOUNT, MOUNTED, Behaviour.close(), MOUNTED);
        world.ask(CALL);
        assertThatThrownBy(() -> world.ask(CALL)).isInstanceOf(PluginCallException.Broken.class);
        assertThat(world.plugin.received()).hasSize(2);
    }

    @Test
    @DisplayName("D71: a body that is a stream is never sent again")
    void makesNoStreamRepeatableD71() {
        Flux<ByteBuffer> bytes = Flux.just(ByteBuffer.wrap("x".getBytes(UTF_8)));
        assertThatThrownBy(() -> PluginCall.of(MOUNT).stream(bytes).asRepeatable())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PluginCall.of(MOUNT).asRepeatable().stream(bytes))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void triesAgainWhatDidNotComeInTimeIfItIsRepeatable() {
        world.plugin.on(MOUNT, Behaviour.hang(), MOUNTED);
        assertThat(world.ask(CALL.asRepeatable().timeout(PluginWorld.SOON)))
                .isEqualTo(new Mounted("/m/data"));
        assertThat(world.plugin.received()).hasSizeGreaterThan(1);
    }

    @Test
    void refusesCallsThatMakeNoSense() {
        for (String method : List.of("", "a b", "../x", "A.B\r\nX: y", ".", "A/B")) {
            assertThatThrownBy(() -> PluginCall.of(method)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> CALL.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PluginAddress.Unix(Path.of("p.sock")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PluginAddress.Tcp("h", 0, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
