package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.PluginLogException;
import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.web.RawClient;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

@Timeout(120)
final class LogStreamIT {
    private static final String LOGS = "/patchbay/v1/plugins/sample/logs";
    /** More lines than any socket buffer and queue on the way holds. */
    private static final int PLENTY = 1_000_000;

    private final NativeServer server = new NativeServer();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final AtomicLong produced = new AtomicLong();

    @BeforeEach
    void install() {
        server.plugins.installed.put("sample", Samples.plugin());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void passesTheQueryOnAndTheLinesBack() throws Exception {
        var asked = new AtomicReference<LogQuery>();
        server.plugins.logs.set((name, query) -> {
            asked.set(query);
            return Flux.just(Samples.line("for " + name.substring(0, 4)));
        });
        String reply = RawClient.exchange(server.socket(),
                "GET " + LOGS + "?tail=5&since=10m&follow=false HTTP/1.1\r\n"
                        + "Host: d\r\nConnection: close\r\n\r\n");
        assertThat(asked).hasValue(new LogQuery(
                OptionalInt.of(5), Optional.of(Samples.NOON.minus(Duration.ofMinutes(10))), false));
        assertThat(reply).contains(
                "{\"time\":\"2026-01-31T12:00:00Z\",\"stream\":\"stdout\",\"text\":\"for abab\"}\n");
    }

    @Test
    void aFollowerThatGoesAwayIsForgottenAtOnce() throws Exception {
        server.plugins.logs.set((_, _) -> Flux.concat(Flux.just(Samples.line("first")), Flux.<LogLine>never())
                .doOnCancel(() -> cancelled.set(true)));
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET " + LOGS + "?follow=true HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("\"first\"}\n");
        }
        await().atMost(NativeServer.PATIENCE).untilTrue(cancelled);
    }

    @Test
    void aFollowerSeesTheHeadBeforeTheFirstLine() throws Exception {
        server.plugins.logs.set((_, _) -> Flux.<LogLine>never().doOnCancel(() -> cancelled.set(true)));
        try (var client = RawClient.connect(server.socket())) {
            assertThat(client.send("GET " + LOGS + "?follow=1 HTTP/1.1\r\nHost: d\r\n\r\n")
                    .readUntil("\r\n\r\n"))
                    .contains(" 200 ");
        }
        await().atMost(NativeServer.PATIENCE).untilTrue(cancelled);
    }

    @Test
    void aClientThatDoesNotReadHoldsTheLogBackAndNobodyElse() throws Exception {
        server.plugins.logs.set((_, _) -> plenty());
        try (var client = RawClient.connect(server.socket())) {
            client.send("GET " + LOGS + " HTTP/1.1\r\nHost: d\r\n\r\n").readUntil("\r\n\r\n");
            awaitStandstill();
            assertThat(produced.get()).isLessThan(PLENTY / 10);
            assertThat(RawClient.exchange(
                    server.socket(),
                    "GET /patchbay/v1/health HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"))
                    .contains(" 200 ");
        }
        await().atMost(NativeServer.PATIENCE).untilTrue(cancelled);
    }

    @Test
    void aWebSocketClientThatDoesNotReadHoldsTheLogBackAndIsCutOff() throws Exception {
        server.plugins.logs.set((_, _) -> plenty());
        try (var client = new RawSocket(server.socket(), LOGS)) {
            client.readUntil(RawSocket.TEXT);
            awaitStandstill();
            assertThat(produced.get()).isLessThan(PLENTY / 10);
            server.advanceUntil(client::isCutOff);
            await().atMost(NativeServer.PATIENCE).untilTrue(cancelled);
        }
    }

    private Flux<LogLine> plenty() {
        return Flux.range(0, PLENTY)
                .map(number -> {
                    produced.incrementAndGet();
                    return Samples.line("line " + number + " " + "x".repeat(200));
                })
                .doOnCancel(() -> cancelled.set(true));
    }

    private void awaitStandstill() {
        var last = new AtomicLong(-1);
        await().atMost(NativeServer.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> last.getAndSet(produced.get()) == produced.get() && produced.get() > 0);
    }

    @Test
    void overWebSocketEachLineIsAFrameAndTheEndIsNormal() throws Exception {
        server.plugins.logs.set((_, _) -> Flux.just(Samples.line("one"), Samples.line("two")));
        try (var client = new SocketClient(server.unixClient(), LOGS)) {
            assertThat(client.next()).endsWith("\"text\":\"one\"}");
            assertThat(client.next()).endsWith("\"text\":\"two\"}");
            assertThat(client.closed().code()).isEqualTo(1000);
        }
    }

    @Test
    void overWebSocketAFailureIsACloseCode() throws Exception {
        server.plugins.logs.set((_, _) -> Flux.error(new PluginLogException("the log is torn", null)));
        try (var client = new SocketClient(server.unixClient(), LOGS)) {
            assertThat(client.closed()).isEqualTo(new SocketClient.Closed(1011, "the log is torn"));
        }
    }

    @Test
    void aWebSocketFollowerThatVanishesIsForgottenAtOnce() throws Exception {
        server.plugins.logs.set((_, _) -> Flux.concat(Flux.just(Samples.line("first")), Flux.<LogLine>never())
                .doOnCancel(() -> cancelled.set(true)));
        try (var client = new RawSocket(server.socket(), LOGS + "?follow=true")) {
            client.readUntil(RawSocket.TEXT);
        }
        await().atMost(NativeServer.PATIENCE).untilTrue(cancelled);
    }

    @Test
    void theServersEndEndsFollowersToo() throws Exception {
        server.plugins.logs
                .set((_, _) -> Flux.concat(Flux.just(Samples.line("first")), Flux.<LogLine>never()));
        try (var client = new SocketClient(server.unixClient(), LOGS + "?follow=true")) {
            client.next();
            server.closeServer();
            assertThat(client.closed().code()).isEqualTo(4009);
        }
    }
}
