package dev.patchbay.registry;

import dev.patchbay.text.Quoted;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * One request on its way, until its answer's headers are here. Reactor Netty's own response timeout starts anew with
 * each byte; this one is for all headers together. Once cancelled, or once too slow, the connection is cut.
 */
final class Exchange {
    private final Request request;
    private final RegistryTimeouts timeouts;
    private final Timers timers;
    private final Disposable.Swap deadline = Disposables.swap();
    private final AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> contentFailure = new AtomicReference<>();
    private final AtomicBoolean tooSlow = new AtomicBoolean();

    private Exchange(Request request, RegistryTimeouts timeouts, Timers timers) {
        this.request = request;
        this.timeouts = timeouts;
        this.timers = timers;
    }

    /** Sends a request. Whoever gets the answer must close it. */
    static Mono<Answer> of(HttpClient client, Request request, RegistryTimeouts timeouts, Timers timers) {
        return Mono.defer(() -> new Exchange(request, timeouts, timers).run(client));
    }

    private Mono<Answer> run(HttpClient client) {
        return client
                .headers(this::addHeaders)
                .request(HttpMethod.valueOf(request.method()))
                .uri(request.url().toString())
                .send(this::send)
                .responseConnection(this::answered)
                .next()
                .doOnCancel(this::cut)
                .doOnError(_ -> deadline.dispose())
                .onErrorMap(this::explained);
    }

    /** What would end a header early and begin another goes nowhere: the client checks nothing, and it may be a secret. */
    private void addHeaders(HttpHeaders headers) {
        for (var header : request.headers()) {
            boolean fits = (header.getKey() + header.getValue()).chars()
                    .allMatch(c -> (c >= ' ' && c != 0x7f) || c == '\t');
            if (!fits) {
                throw new RegistryException.Broken(
                        Failures.sentence(request, "cannot be asked: the value for "
                                + Quoted.shortened(header.getKey()) + " does not fit into a header"),
                        null);
            }
            headers.add(header.getKey(), header.getValue());
        }
    }

    private Publisher<Void> send(HttpClientRequest head, NettyOutbound out) {
        out.withConnection(this::connected);
        return request.body()
                .map(body -> head.header("Content-Length", Long.toString(body.length())))
                .map(_ -> out.send(content()).then())
                .orElseGet(out::then)
                .then(Mono.fromRunnable(this::startDeadline));
    }

    private Flux<ByteBuf> content() {
        Request.Body body = request.body().orElseThrow();
        return Flux.<ByteBuffer>from(body.content())
                .doOnError(contentFailure::set)
                .map(Unpooled::wrappedBuffer);
    }

    private void connected(Connection connection) {
        channel.set(connection.channel());
        request.body()
                .ifPresent(body -> connection.addHandlerLast("registry.written",
                        new WrittenBytes(body.written(), timeouts.idle())));
    }

    private void startDeadline() {
        deadline.update(timers.scheduler().schedule(() -> {
            tooSlow.set(true);
            cut();
        }, request.patience().toNanos(), TimeUnit.NANOSECONDS));
    }

    private Mono<Answer> answered(HttpClientResponse head, Connection connection) {
        deadline.dispose();
        var made = new Answer(request, head, connection, timeouts, timers);
        answer.set(made);
        return Mono.just(made);
    }

    private void cut() {
        deadline.dispose();
        Answer made = answer.get();
        if (made != null) {
            made.cut();
            return;
        }
        Channel open = channel.get();
        if (open != null) {
            var _ = open.close();
        }
    }

    private Throwable explained(Throwable failure) {
        Throwable ours = contentFailure.get();
        if (ours != null) {
            return ours;
        }
        var reason = tooSlow.get() ? new AnswerTooSlow(request.patience()) : failure;
        return Failures.unanswered(request, reason, timeouts);
    }
}
