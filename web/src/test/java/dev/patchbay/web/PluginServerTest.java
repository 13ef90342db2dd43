package dev.patchbay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

@Timeout(60)
class PluginServerTest {
    private static final Route HELLO = Route.get(PathPattern.of("/hello"),
            _ -> Mono.just(Json.reply(200, List.of("hi"))));
    private static final Route ECHO = Route.post(PathPattern.of("/echo"),
            exchange -> exchange.body()
                    .bytes()
                    .defaultIfEmpty(new byte[0])
                    .map(bytes -> Reply.json(200, bytes)));

    @Test
    void answersOnAUnixSocket() throws Exception {
        try (var server = TestServer.start(List.of(HELLO))) {
            assertThat(server.get("/hello"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("content-type: application/json\r\n")
                    .containsIgnoringCase("content-length: 7\r\n")
                    .endsWith("\r\n\r\n[\"hi\"]\n");
        }
    }

    @Test
    void servesOnLoopsOfAHostAndLeavesThemToIt() throws Exception {
        var loops = LoopResources.create("host", 1, true);
        Route who = Route.get(PathPattern.of("/who"),
                _ -> Mono.just(Json.reply(200, List.of(Thread.currentThread().getName()))));
        try {
            for (int round = 0; round < 2; round++) {
                try (var server = TestServer.start(List.of(who), config -> config.eventLoops(loops))) {
                    assertThat(server.get("/who")).contains("[\"host-");
                }
            }
        } finally {
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
        }
    }

    @Test
    void answersAnUnknownPathWithPageNotFound() throws Exception {
        try (var server = TestServer.start(List.of(HELLO))) {
            assertThat(server.get("/nothing")).startsWith("HTTP/1.1 404 ")
                    .endsWith("{\"message\":\"page not found\"}\n");
            assertThat(server.send("POST", "/hello")).startsWith("HTTP/1.1 404 ");
            assertThat(server.get("/hello/")).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void redirectsToTheCanonicalPath() throws Exception {
        try (var server = TestServer.start(List.of(HELLO))) {
            assertThat(server.get("//a/../hello?x=%20y"))
                    .startsWith("HTTP/1.1 301 ")
                    .containsIgnoringCase("location: /hello?x=%20y\r\n");
        }
    }

    @Test
    void readsABody() throws Exception {
        try (var server = TestServer.start(List.of(ECHO))) {
            assertThat(RawClient.exchange(server.socket(),
                    "POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"))
                    .endsWith("\r\n\r\nabc");
        }
    }

    @Test
    void refusesABodyOverTheLimit() throws Exception {
        var limits = new ServerConfig.Limits(8, 1024, 10, 10, Duration.ofSeconds(10));
        try (var server = TestServer.start(List.of(ECHO), builder -> builder.limits(limits))) {
            assertThat(RawClient.exchange(server.socket(),
                    "POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: 9\r\n\r\nabcdefghi"))
                    .startsWith("HTTP/1.1 413 ");
            assertThat(RawClient.exchange(server.socket(),
                    post("Transfer-Encoding: chunked", "9\r\nabcdefghi\r\n0\r\n\r\n")))
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void protectsTheSocket() throws Exception {
        try (var server = TestServer.start(List.of(HELLO))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())))
                    .isEqualTo("rw-rw----");
        }
    }

    @Test
    void givesTheSocketToAGroup() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
        Path path = folder.resolve("s");
        int own = (int) Files.getAttribute(folder, "unix:gid");
        PluginServer server = TestServer.bind(
                ServerConfig.of(List.of(new ListenAddress.Unix(path, Optional.of(Integer.toString(own)))),
                        _ -> {}),
                List.of(HELLO));
        try {
            assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(own);
        } finally {
            server.close().block();
            Files.delete(folder);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void namesAGroupThatDoesNotExistAndLeavesNoSocket() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
        Path path = folder.resolve("s");
        var config = ServerConfig.of(
                List.of(new ListenAddress.Unix(path, Optional.of("no-such-group-here"))), _ -> {});
        assertThatThrownBy(() -> TestServer.bind(config, List.of(HELLO)))
                .hasMessageContaining(
                        "cannot listen on unix://" + path + ": there is no group no-such-group-here");
        assertThat(path).doesNotExist();
        Files.delete(folder);
    }

    @Test
    void replacesASocketThatADeadServerLeftBehind() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "pb");
        Path path = folder.resolve("s");
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        PluginServer server = TestServer.bind(unix(path), List.of(HELLO));
        try {
            assertThat(
                    RawClient.exchange(path, "GET /hello HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"))
                    .endsWith("[\"hi\"]\n");
        } finally {
            server.close().block();
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    @Test
    void leavesALiveServerItsSocket() throws Exception {
        try (var server = TestServer.start(List.of(HELLO))) {
            assertThatThrownBy(() -> TestServer.bind(unix(server.socket()), List.of(HELLO)))
                    .rootCause()
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("a server listens there already");
            assertThat(server.get("/hello")).endsWith("[\"hi\"]\n");
        }
    }

    @Test
    void leavesAFileThatIsNoSocket() throws Exception {
        Path file = Files.createTempFile(Path.of("/tmp"), "pb", "");
        try {
            assertThatThrownBy(() -> TestServer.bind(unix(file), List.of(HELLO)))
                    .rootCause()
                    .hasMessageContaining("not a socket");
            assertThat(file).exists();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void cancelsAStreamWhoseClientIsGone() throws Exception {
        var cancelled = new CountDownLatch(1);
        Route endless = Route.get(PathPattern.of("/endless"),
                _ -> Mono.just(
                        Reply.stream(Reply.JSON, Flux.<byte[]>never().doOnCancel(cancelled::countDown))));
        try (var server = TestServer.start(List.of(endless));
                var client = RawClient.connect(server.socket())) {
            client.send("GET /endless HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("\r\n\r\n");
            client.hangUp();
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void cancelsACommandWhoseClientIsGone() throws Exception {
        var started = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        Route slow = Route.get(PathPattern.of("/slow"),
                _ -> Mono.<Reply>never()
                        .doOnSubscribe(_ -> started.countDown())
                        .doOnCancel(cancelled::countDown));
        try (var server = TestServer.start(List.of(slow));
                var client = RawClient.connect(server.socket())) {
            client.send("GET /slow HTTP/1.1\r\nHost: d\r\n\r\n");
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            client.hangUp();
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void endsStreamsWhenItCloses() throws Exception {
        Route endless = Route.get(PathPattern.of("/endless"),
                _ -> Mono.just(Reply.stream(Reply.JSON, Flux.<byte[]>never()
                        .startWith("x".getBytes(
                                StandardCharsets.UTF_8)))));
        var server = TestServer.start(List.of(endless));
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /endless HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("x\r\n");
            server.close();
            assertThat(client.readAll()).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void closesInBoundedTimeAlthoughARequestHangs() throws Exception {
        var started = new CountDownLatch(1);
        Route hang = Route.get(PathPattern.of("/hang"),
                _ -> Mono.<Reply>never().doOnSubscribe(_ -> started.countDown()));
        var server = TestServer.start(List.of(hang), builder -> builder.closeTimeout(Duration.ofMillis(50)));
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET /hang HTTP/1.1\r\nHost: d\r\n\r\n");
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            server.close();
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void failsTheBodyIfTheClientCutsIt() throws Exception {
        var failed = new CountDownLatch(1);
        var seen = new CountDownLatch(1);
        Route upload = Route.post(PathPattern.of("/upload"), exchange -> exchange.body()
                .chunks()
                .doOnNext((ByteBuffer _) -> seen.countDown())
                .doOnError(_ -> failed.countDown())
                .then(Mono.just(Reply.empty(204))));
        try (var server = TestServer.start(List.of(upload));
                var client = RawClient.connect(server.socket())) {
            client.send("POST /upload HTTP/1.1\r\nHost: d\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
            client.hangUp();
            assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String post(String header, String body) {
        return "POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\n" + header + "\r\n\r\n" + body;
    }

    private static ServerConfig unix(Path path) {
        return ServerConfig.of(List.of(new ListenAddress.Unix(path, Optional.empty())), _ -> {});
    }
}
