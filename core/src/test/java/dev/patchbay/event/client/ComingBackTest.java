package dev.patchbay.event.client;

import static dev.patchbay.event.client.Audience.at;
import static dev.patchbay.event.client.Audience.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.client.ScriptedDaemon.Talk;
import dev.patchbay.event.client.StreamSignal.Connected;
import dev.patchbay.event.client.StreamSignal.Disconnected;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that end, or never come to be: when the client comes back, and when it does not. */
final class ComingBackTest {
    private final ScriptedDaemon daemon = ScriptedDaemon.open();

    @AfterEach
    void close() {
        daemon.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 4008, 4009, 4012, 4013, 4499, 1000, 1001, 1011})
    void comesBackAndResumesAfterTheLastEvent(int code) throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk first = daemon.next();
            assertThat(first.begin("e:5").path("from").stringValue()).isEqualTo("now");
            assertThat(audience.next(Connected.class).resumeFrom()).isEqualTo(at("e:5"));
            first.event(6, 5);
            assertThat(audience.nextSeq()).isEqualTo(6);
            first.close(code, "e:6 said so");
            var gone = audience.next(Disconnected.class);
            assertThat(gone.closeCode()).hasValue(code);
            assertThat(gone.reason()).contains("said so");
            Talk second = daemon.next();
            assertThat(second.begin("e:6").path("from").stringValue()).isEqualTo("e:6");
            audience.next(Connected.class);
            second.event(7, 6);
            assertThat(audience.nextSeq()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4500, 4501, 4502, 4999})
    void failsWhereComingBackDoesNotHelp(int code) throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk talk = daemon.next();
            talk.begin("e:5");
            audience.next(Connected.class);
            talk.close(code, "never");
            assertThat(audience.next(StreamRefusedException.class).code()).hasValue(code);
            assertThat(audience.wasToldNothingMore()).isTrue();
        }
    }

    @Test
    void comesBackAfterAConnectionThatEndedWithoutAWord() throws Exception {
        try (var audience = Audience.of(daemon, options())) {
            Talk first = daemon.next();
            first.begin("e:5");
            audience.next(Connected.class);
            first.cut();
            assertThat(audience.next(Disconnected.class).closeCode()).isEmpty();
            assertThat(daemon.next().begin("e:5").path("from").stringValue()).isEqualTo("e:5");
            audience.next(Connected.class);
        }
    }

    @Test
    void waitsForADaemonThatIsNotThere() throws Exception {
        int port = daemon.port();
        daemon.close();
        try (var audience = Audience.of(daemon, options())) {
            audience.next(Disconnected.class);
            try (var late = ScriptedDaemon.openAt(port)) {
                late.next().begin("e:5");
                assertThat(awaitConnected(audience).resumeFrom()).isEqualTo(at("e:5"));
                audience.cancel();
            }
        }
    }

    @Test
    void findsADaemonBehindAUnixSocket(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("s");
        try (var local = ScriptedDaemon.openAt(socket); var audience = new Audience(Long.MAX_VALUE)) {
            PatchbayEvents.connect(URI.create("unix://" + socket), options()).subscribe(audience);
            local.next().begin("e:5");
            assertThat(audience.next(Connected.class).resumeFrom()).isEqualTo(at("e:5"));
        }
    }

    private static Connected awaitConnected(Audience audience) throws InterruptedException {
        while (true) {
            if (audience.next(StreamSignal.class) instanceof Connected connected) {
                return connected;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 426})
    void failsIfTheHandshakeIsRefused(int status) throws Exception {
        daemon.refuse(status);
        try (var audience = Audience.of(daemon, options(options -> options.token("secret")))) {
            assertThat(audience.next(StreamRefusedException.class).code()).hasValue(status);
            assertThat(daemon.authorization()).hasValue("Bearer secret");
        }
    }

    @Test
    void comesBackIfTheDaemonHasTooMuchToDo() throws Exception {
        daemon.refuse(503);
        try (var audience = Audience.of(daemon, options())) {
            audience.next(Disconnected.class);
            daemon.refuse(0);
            daemon.next().begin("e:5");
            awaitConnected(audience);
        }
    }

    @Test
    void givesAHalfOpenConnectionUp() throws Exception {
        try (var audience = Audience.of(daemon,
                options(options -> options.patience(Duration.ofMillis(300))))) {
            Talk first = daemon.next();
            first.hello(1);
            first.hear();
            first.subscribed("ok", "e:5");
            audience.next(Connected.class);
            first.send(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
            assertThat(audience.next(Disconnected.class).reason()).contains("nothing was heard");
            first.awaitClosed();
            daemon.next();
        }
    }

    @Test
    void givesADaemonUpThatDoesNotGreet() throws Exception {
        try (var audience = Audience.of(daemon,
                options(options -> options.patience(Duration.ofMillis(300))))) {
            Talk first = daemon.next();
            assertThat(audience.next(Disconnected.class).reason()).contains("no answer");
            first.awaitClosed();
        }
    }
}
