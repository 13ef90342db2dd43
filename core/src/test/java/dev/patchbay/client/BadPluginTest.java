package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Broken;
import dev.patchbay.PluginCallException.TimedOut;
import dev.patchbay.PluginCallException.TooLarge;
import dev.patchbay.PluginCallException.Unreachable;
import dev.patchbay.PluginCallException.Unreadable;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a plugin does, its callers get an error that says so, and nobody else notices. */
@Timeout(60)
class BadPluginTest {
    private static final String METHOD = "VolumeDriver.List";
    private static final PluginCall<Told> CALL = PluginCall.of(METHOD, Told.class);

    record Told(int a) {}

    private final PluginWorld world = new PluginWorld();

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    static Stream<Arguments> deeds() {
        return Stream.of(
                arguments("hangs", Behaviour.hang(), TimedOut.class),
                arguments("closes early", Behaviour.close(), Broken.class),
                arguments("closes in the middle of its headers", Behaviour.raw("HTTP/1.1 200 OK\r\nConten"),
                        Broken.class),
                arguments("closes in the middle of its answer",
                        Behaviour.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Vol"), Broken.class),
                arguments("closes in the middle of a chunk",
                        Behaviour.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"V"),
                        Broken.class),
                arguments("hangs in the middle of its headers", hangAfter("HTTP/1.1 200 OK\r\nConten"),
                        TimedOut.class),
                arguments("hangs in the middle of its answer",
                        hangAfter("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Vol"), TimedOut.class),
                arguments("hangs in the middle of a refusal",
                        hangAfter("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\n{\"Err"), TimedOut.class),
                arguments("answers with another protocol", Behaviour.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
                        Unreadable.class),
                arguments("answers with garbage", hangAfter("\u0000\u0001\u0002".repeat(3000) + "\r\n\r\n"),
                        Unreadable.class),
                arguments("answers with garbage for chunks",
                        hangAfter("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"),
                        Unreadable.class),
                arguments("answers with garbage for JSON", Behaviour.json("<html>"), Unreadable.class),
                arguments("answers with nothing", Behaviour.json(""), Unreadable.class),
                arguments("answers for ever", endless("x".repeat(8192)), TooLarge.class),
                arguments("announces 10 GB",
                        hangAfter("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n{"), TooLarge.class),
                arguments("refuses for ever", (Behaviour) (_, peer) -> {
                    peer.write(Peer.head(500, "Content-Length: 10737418240"));
                    write("x".repeat(8192), peer);
                }, PluginCallException.Refused.class),
                arguments("has headers for ever", (Behaviour) (_, peer) -> {
                    peer.write("HTTP/1.1 200 OK\r\n");
                    write("X-Header: more\r\n", peer);
                }, Unreadable.class),
                arguments("has a status line for ever", (Behaviour) (_, peer) -> {
                    peer.write("HTTP/1.1 200 ");
                    write("K".repeat(1000), peer);
                }, Unreadable.class),
                arguments("keeps one waiting for ever", (Behaviour) (_, peer) -> write(
                        "HTTP/1.1 100 Continue\r\n\r\n", peer), TimedOut.class));
    }

    private static Behaviour hangAfter(String text) {
        return (_, peer) -> {
            peer.write(text);
            peer.awaitEnd();
        };
    }

    private static Behaviour endless(String text) {
        return (_, peer) -> {
            peer.write(Peer.head(200, "Transfer-Encoding: chunked"));
            write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n", peer);
        };
    }

    /** Until the client closes. */
    private static void write(String text, Peer peer) throws IOException {
        while (true) {
            peer.write(text);
        }
    }

    @ParameterizedTest(name = "one that {0}")
    @MethodSource("deeds")
    void failsWithItsOwnErrorAndHoldsNothing(String deed, Behaviour behaviour,
            Class<? extends PluginCallException> expected) throws InterruptedException {
        world.plugin.on(METHOD, behaviour);
        var other = world.plugin("q").on(METHOD, Behaviour.json("{}"));
        Duration limit = expected == TimedOut.class ? PluginWorld.SOON : PluginWorld.PATIENCE;
        Throwable failure = catchThrowable(() -> world.ask(CALL.timeout(limit)));
        assertThat(failure).isInstanceOf(expected)
                .hasMessageStartingWith("plugin p ")
                .hasMessageContaining(METHOD);
        int kept = deed.endsWith("JSON") || deed.endsWith("nothing") ? 1 : 0; // those are whole
        assertThat(world.plugin.isDownTo(kept)).as("connections are closed").isTrue();
        assertThat(world.client.underWay()).isZero();
        assertThat(PluginWorld.ask(world.connect(other, 1), CALL)).isEqualTo(new Told(0));
        world.plugin.on(METHOD, Behaviour.json("{\"a\":1}"));
        assertThat(world.ask(CALL)).as("and the next call is none the worse").isEqualTo(new Told(1));
    }

    @Test
    void reachesNobodyWhereNobodyIs() throws IOException, InterruptedException {
        var nowhere = world.connect(
                new PluginEndpoint("q", 1, new PluginAddress.Unix(world.nowhere()), ""));
        assertThat(catchThrowable(() -> PluginWorld.ask(nowhere, CALL))).isInstanceOf(Unreachable.class)
                .hasMessage("plugin q cannot be asked for VolumeDriver.List: its socket is not there");
        var tooLong = world.connect(
                new PluginEndpoint("q", 1, new PluginAddress.Unix(Path.of("/" + "x".repeat(200))), ""));
        assertThat(catchThrowable(() -> PluginWorld.ask(tooLong, CALL))).isInstanceOf(Unreachable.class);
        world.plugin.closeListener();
        assertThat(catchThrowable(() -> world.ask(CALL.asRepeatable()))).isInstanceOf(Unreachable.class)
                .hasMessage("plugin p cannot be asked for VolumeDriver.List: it takes no connections");
    }

    @Test
    void survivesOneConnectionThatIsDropped() {
        world.plugin.on(METHOD, Behaviour.close(), Behaviour.json("{}"));
        assertThat(world.ask(CALL.asRepeatable())).isEqualTo(new Told(0));
        assertThat(world.plugin.received()).hasSize(2);
    }

    @Test
    void givesUpWhenTheBudgetForRetriesIsSpent() {
        world.plugin.on(METHOD, Behaviour.close());
        var client = world.connect(world.plugin, 2);
        assertThat(catchThrowable(() -> PluginWorld.ask(client, CALL.asRepeatable())))
                .isInstanceOf(PluginCallException.class);
        assertThat(world.plugin.received().size()).isBetween(2, 64);
    }
}
