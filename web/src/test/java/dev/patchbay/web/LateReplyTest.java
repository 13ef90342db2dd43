package dev.patchbay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@Timeout(60)
class LateReplyTest {
    private static final String REQUEST = "GET /late HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";

    /** Refuses with 418, ends with "sorry", and cuts what failed with "cut". */
    private static final Reply.Failures FAILURES = new Reply.Failures() {
        @Override
        public Reply.Full before(Throwable failure) {
            return Reply.json(418, bytes("before: " + failure.getMessage()));
        }

        @Override
        public Mono<byte[]> amid(Throwable failure) {
            return "cut".equals(failure.getMessage())
                    ? Mono.error(failure)
                    : Mono.just(bytes("sorry: " + failure.getMessage()));
        }
    };

    @Test
    void streamsOnceTheFirstChunkIsThere() throws Exception {
        assertThat(answer(Flux.just(bytes("a"), bytes("b"))))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nX-Always: 1\r\n", "\r\nContent-Type: text/x\r\n")
                .endsWith("\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
    }

    @Test
    void flushesEachChunkAndWaitsForNone() throws Exception {
        Sinks.Many<byte[]> chunks = Sinks.many().unicast().onBackpressureBuffer();
        try (var server = TestServer.start(List.of(route(chunks.asFlux())));
                var client = RawClient.connect(server.socket())) {
            client.send(REQUEST);
            chunks.tryEmitNext(bytes("first")).orThrow();
            assertThat(client.readUntil("first\r\n")).startsWith("HTTP/1.1 200 ");
            chunks.tryEmitNext(bytes("second")).orThrow();
            assertThat(client.readUntil("second\r\n")).isEqualTo("6\r\nsecond\r\n");
            chunks.tryEmitComplete().orThrow();
            assertThat(client.readAll()).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void answersAFailureBeforeTheFirstChunkWithItsStatus() throws Exception {
        assertThat(answer(Flux.error(new IllegalStateException("no"))))
                .startsWith("HTTP/1.1 418 ")
                .contains("\r\nX-Always: 1\r\n", "\r\nContent-Type: application/json\r\n")
                .doesNotContain("text/x")
                .endsWith("\r\n\r\nbefore: no");
    }

    @Test
    void endsTheStreamWithALaterFailure() throws Exception {
        assertThat(answer(Flux.just(bytes("a")).concatWith(Flux.error(new IllegalStateException("no")))))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n1\r\na\r\n9\r\nsorry: no\r\n0\r\n\r\n");
    }

    @Test
    void cutsTheConnectionIfThatIsWantedSoThatNothingTornLooksWhole() throws Exception {
        assertThat(answer(Flux.just(bytes("a")).concatWith(Flux.error(new IllegalStateException("cut")))))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("0\r\n\r\n");
    }

    @Test
    void answersNothingAtAllWithAnEmptyStream() throws Exception {
        assertThat(answer(Flux.empty())).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n0\r\n\r\n");
    }

    @Test
    void cancelsTheWorkWhenTheClientLeavesBeforeTheFirstChunk() throws Exception {
        var started = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        Flux<byte[]> never = Flux.<byte[]>never()
                .doOnSubscribe(_ -> started.countDown())
                .doOnCancel(cancelled::countDown);
        try (var server = TestServer.start(List.of(route(never)));
                var client = RawClient.connect(server.socket())) {
            client.send(REQUEST);
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            client.hangUp();
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void cancelsTheWorkWhenTheClientLeavesLater() throws Exception {
        var cancelled = new CountDownLatch(1);
        Flux<byte[]> chunks = Flux.<byte[]>never().startWith(bytes("a")).doOnCancel(cancelled::countDown);
        try (var server = TestServer.start(List.of(route(chunks)));
                var client = RawClient.connect(server.socket())) {
            client.send(REQUEST).readUntil("a\r\n");
            client.hangUp();
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void saysThatItIsIncompleteWhenTheServerCloses() throws Exception {
        var cancelled = new CountDownLatch(1);
        Flux<byte[]> chunks = Flux.<byte[]>never().startWith(bytes("a")).doOnCancel(cancelled::countDown);
        var server = TestServer.start(List.of(route(chunks)));
        try (var client = RawClient.connect(server.socket())) {
            client.send(REQUEST).readUntil("a\r\n");
            server.close();
            assertThat(client.readAll()).contains("sorry: the server is shutting down");
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String answer(Flux<byte[]> chunks) throws Exception {
        try (var server = TestServer.start(List.of(route(chunks)))) {
            return server.get("/late");
        }
    }

    private static Route route(Flux<byte[]> chunks) {
        return Route.get(PathPattern.of("/late"),
                _ -> Mono.just(new Reply.Late(Map.of(), Map.of("Content-Type", "text/x"), chunks, FAILURES)
                        .with("X-Always", "1")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
