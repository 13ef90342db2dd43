package dev.patchbay.web.v1;

import static org.awaitility.Awaitility.await;

import dev.patchbay.web.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;

/** A proper WebSocket client, Reactor Netty's, that answers pings and keeps what it hears. */
final class SocketClient implements AutoCloseable {
    /** How the server closed a connection. */
    record Closed(int code, String reason) {}

    private final Queue<String> heard = new ConcurrentLinkedQueue<>(); // no locks: an event loop adds to it
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final CompletableFuture<Optional<String>> subprotocol = new CompletableFuture<>();
    private final Disposable connection;

    private final Sinks.Many<String> said = Sinks.many().unicast().onBackpressureBuffer();

    /** One that speaks {@code patchbay.v1}. */
    SocketClient(HttpClient client, String uri) {
        this(client, uri, Upgrade.SUBPROTOCOL);
    }

    /** One that offers a sub-protocol, or none. */
    SocketClient(HttpClient client, String uri, String protocols) {
        WebsocketClientSpec.Builder spec = WebsocketClientSpec.builder().maxFramePayloadLength(1 << 20);
        if (!protocols.isEmpty()) {
            spec.protocols(protocols);
        }
        connection = client.websocket(spec.build())
                .uri(uri)
                .handle(this::talk)
                .subscribe(_ -> {}, this::failed);
    }

    private Mono<Void> talk(WebsocketInbound in, WebsocketOutbound out) {
        subprotocol.complete(Optional.ofNullable(in.selectedSubprotocol()));
        Mono<Void> close = in.receiveCloseStatus()
                .doOnNext(status -> closed.complete(new Closed(status.code(), status.reasonText())))
                .then();
        return Mono.firstWithSignal(
                Mono.when(in.aggregateFrames(1 << 20).receive().asString().doOnNext(heard::add).then(),
                        close),
                out.sendString(said.asFlux(), StandardCharsets.UTF_8).then());
    }

    private void failed(Throwable failure) {
        subprotocol.completeExceptionally(failure);
        closed.completeExceptionally(failure);
    }

    /** Sends a text frame. */
    void say(String text) {
        said.emitNext(text, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** The next text frame, as JSON. */
    JsonNode json() {
        return Json.mapper().readTree(next());
    }

    /** The next text frame. */
    String next() {
        var text = new AtomicReference<>(Optional.ofNullable(heard.poll()));
        if (text.get().isPresent()) {
            return text.get().get();
        }
        await().atMost(NativeServer.PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            text.set(Optional.ofNullable(heard.poll()));
            return text.get().isPresent() || closed.isDone();
        });
        return text.get()
                .or(() -> Optional.ofNullable(heard.poll()))
                .orElseThrow(() -> new AssertionError(
                        "closed before the next frame: " + closed.join()));
    }

    /** How the server closed it. */
    Closed closed() throws Exception {
        return closed.get(NativeServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The sub-protocol that the server chose. */
    Optional<String> subprotocol() throws Exception {
        return subprotocol.get(NativeServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Goes away. */
    @Override
    public void close() {
        connection.dispose();
    }
}
