package dev.patchbay.web.v1;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/** A proper WebSocket client, Reactor Netty's, that answers pings and keeps what it hears. */
final class SocketClient implements AutoCloseable {
    /** How the server closed a connection. */
    record Closed(int code, String reason) {}

    private final Queue<String> heard = new ConcurrentLinkedQueue<>(); // no locks: an event loop adds to it
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final CompletableFuture<Optional<String>> subprotocol = new CompletableFuture<>();
    private final Disposable connection;

    SocketClient(HttpClient client, String uri) {
        WebsocketClientSpec spec = WebsocketClientSpec.builder().protocols(Upgrade.SUBPROTOCOL).build();
        connection = client.websocket(spec)
                .uri(uri)
                .handle((in, _) -> talk(in))
                .subscribe(_ -> {}, this::failed);
    }

    private Mono<Void> talk(WebsocketInbound in) {
        subprotocol.complete(Optional.ofNullable(in.selectedSubprotocol()));
        Mono<Void> close = in.receiveCloseStatus()
                .doOnNext(status -> closed.complete(new Closed(status.code(), status.reasonText())))
                .then();
        return Mono.when(in.receive().asString().doOnNext(heard::add).then(), close);
    }

    private void failed(Throwable failure) {
        subprotocol.completeExceptionally(failure);
        closed.completeExceptionally(failure);
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
