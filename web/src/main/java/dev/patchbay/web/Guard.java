package dev.patchbay.web;

import dev.patchbay.authz.AuthzChain;
import dev.patchbay.authz.AuthzRequest;
import dev.patchbay.authz.AuthzResponse;
import dev.patchbay.authz.AuthzRound;
import dev.patchbay.authz.AuthzUser;
import dev.patchbay.authz.Shown;
import dev.patchbay.web.ErrorReplies.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Has every request that has a route authorized before its handler is called, and its answer before a byte of that is written.
 *
 * <p>What plugins are shown of a body is what the handler reads: it was received once, whole, and both get those bytes. A body
 * that is too long to be shown is refused. An answer that goes on is authorized as it begins: when its status is known and before
 * anything of it was sent.
 */
final class Guard {
    private static final String TOO_LARGE = " body too large for authorization plugin: size exceeds "
            + AuthzChain.MAX_BODY_BYTES + " bytes"; // Docker's words

    private final Optional<Authorization> authorization;
    private final DenialLog log = new DenialLog(System::nanoTime);
    private final Map<EventExecutor, Scheduler> schedulers = new ConcurrentHashMap<>(); // as many as there are loops

    Guard(Optional<Authorization> authorization) {
        this.authorization = authorization;
    }

    /** Whether it matters who root is. */
    boolean hasWayOut() {
        return authorization.flatMap(Authorization::wayOut).isPresent();
    }

    /** Answers a request, or says why not. The handler is called on the loop. What is held of the body, its place holds. */
    Mono<Reply> answer(Route route, Exchange exchange, Admission.Place place, EventExecutor loop) {
        if (authorization.isEmpty()) {
            return handled(route, exchange);
        }
        Authorization who = authorization.get();
        var denials = new Denials(who.wayOut(), route, exchange, log);
        return who.chain()
                .begin()
                .materialize() // so that it is known whose failure it is: what follows has its own
                .flatMap(begun -> {
                    AuthzRound round = begun.get();
                    return round == null
                            ? denials.failed(failure(begun), () -> handled(route, exchange))
                            : passed(route, exchange, place, round, denials, loop);
                })
                .onErrorResume(Instead.class, instead -> Mono.just(instead.reply));
    }

    private static Throwable failure(Signal<AuthzRound> begun) {
        return Objects.requireNonNull(begun.getThrowable(), "a round that begins is one, or fails");
    }

    private Mono<Reply> passed(Route route, Exchange exchange, Admission.Place place, AuthzRound round,
            Denials denials, EventExecutor loop) {
        return round.isEmpty()
                ? handled(route, exchange)
                : received(exchange, place).flatMap(whole -> new Passage(route, whole.exchange(),
                        whole.request(), round, denials, scheduler(loop)).pass());
    }

    private Scheduler scheduler(EventExecutor loop) {
        return schedulers.computeIfAbsent(loop, it -> Schedulers.fromExecutor(task -> run(task, it)));
    }

    /** At once if it is there already, as a rule: plugins are asked from the loop and answer on it. */
    private static void run(Runnable task, EventExecutor loop) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private static Mono<Reply> handled(Route route, Exchange exchange) {
        return route.handler()
                .handle(exchange)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("no reply from " + route)));
    }

    /** A request, and what plugins are shown of it. */
    private record Whole(Exchange exchange, AuthzRequest request) {}

    private static Mono<Whole> received(Exchange exchange, Admission.Place place) {
        if (!Shown.body(exchange.target().path(), exchange.headers().getAll(HttpHeaderNames.CONTENT_TYPE))) {
            return Mono.just(new Whole(exchange, request(exchange, Optional.empty())));
        }
        return exchange.body()
                .bytes(AuthzChain.MAX_BODY_BYTES, "request" + TOO_LARGE, place::hold)
                .map(bytes -> new Whole(exchange.with(exchange.body().read(bytes)),
                        request(exchange, Optional.of(bytes))))
                .onErrorMap(HttpFailure.class,
                        failure -> new Instead(ErrorReplies.refusal(exchange.target().path(),
                                exchange.caller(),
                                new Refusal(failure.status(), "http", "The request was refused",
                                        String.valueOf(failure.getMessage()), failure.status() == 503))));
    }

    private static AuthzRequest request(Exchange exchange, Optional<byte[]> body) {
        return new AuthzRequest(AuthzUser.of(exchange.caller().certificates()),
                exchange.target().method().name(), RequestTarget.location(exchange.target()),
                Shown.headers(exchange.headers()), body);
    }

    /** One request on its way. */
    private record Passage(Route route, Exchange exchange, AuthzRequest request, AuthzRound round,
            Denials denials, Scheduler loop) {
        Mono<Reply> pass() {
            return round.request(request)
                    .publishOn(loop)
                    .flatMap(verdict -> denials.judge(verdict, this::answered, this::unasked));
        }

        /** Without asking anybody for the answer: root has gone past them. */
        private Mono<Reply> unasked() {
            return handled(route, exchange).publishOn(loop);
        }

        private Mono<Reply> answered() {
            return handled(route, exchange)
                    // Failures are answers, too; but those of the engine itself are none of a plugin's business.
                    .onErrorResume(Throwable.class,
                            failure -> Mono.just(ErrorReplies.of(failure, exchange.caller())))
                    .flatMap(this::checked);
        }

        private Mono<Reply> checked(Reply reply) {
            return switch (reply) {
                case Reply.Full full -> checked(full);
                case Reply.Stream stream -> begun(stream.status(), stream.headers(), reply);
                case Reply.Live live -> begun(200, live.headers(), reply);
                case Reply.WebSocket socket -> begun(101, socket.headers(), reply);
                case Reply.Late late -> Mono.just(checked(late));
            };
        }

        private Mono<Reply> checked(Reply.Full full) {
            String type = type(full.headers());
            boolean shown = Shown.answer(exchange.target().path(), type);
            if (shown && full.body().length > AuthzChain.MAX_BODY_BYTES) {
                return denials.tooLarge("response" + TOO_LARGE, () -> Mono.just(full));
            }
            return asked(full.status(), full.headers(),
                    shown ? Optional.of(full.body()) : Optional.empty(), full);
        }

        private Mono<Reply> begun(int status, Map<String, String> headers, Reply reply) {
            return asked(status, headers, Optional.empty(), reply);
        }

        private Mono<Reply> asked(int status, Map<String, String> headers, Optional<byte[]> body,
                Reply reply) {
            var response = new AuthzResponse(status, Shown.headers(headers.entrySet()), body);
            return round.response(request, response)
                    .publishOn(loop)
                    .flatMap(verdict -> denials.judgeAnswer(verdict, () -> Mono.just(reply)));
        }

        /** Its first chunk waits until plugins agree to how it begins. */
        private Reply.Late checked(Reply.Late late) {
            Flux<byte[]> chunks = late.chunks().switchOnFirst((first, all) -> {
                Throwable failure = first.getThrowable();
                Mono<Reply> beginning = failure == null
                        ? begun(200, joined(late.headers(), late.streamHeaders()), late)
                        : checked(late.failures().before(failure));
                return beginning.flatMapMany(reply -> switch (reply) {
                    case Reply.Full instead -> Flux.error(new Instead(instead));
                    case Reply.Late _,Reply.Stream _,Reply.Live _,Reply.WebSocket _ -> all;
                });
            });
            return new Reply.Late(late.headers(), late.streamHeaders(), chunks, new Answers(late.failures()));
        }
    }

    /** Another answer than the stream that was to begin. */
    private static final class Instead extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Reply.Full reply;

        Instead(Reply.Full reply) {
            super("answered otherwise", null, false, false);
            this.reply = reply;
        }
    }

    private record Answers(Reply.Failures others) implements Reply.Failures {
        @Override
        public Reply.Full before(Throwable failure) {
            return failure instanceof Instead instead ? instead.reply : others.before(failure);
        }

        @Override
        public Mono<byte[]> amid(Throwable failure) {
            return others.amid(failure);
        }
    }

    private static String type(Map<String, String> headers) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (HttpHeaderNames.CONTENT_TYPE.contentEqualsIgnoreCase(header.getKey())) {
                return header.getValue();
            }
        }
        return "";
    }

    private static Map<String, String> joined(Map<String, String> some, Map<String, String> more) {
        var all = new LinkedHashMap<>(some);
        all.putAll(more);
        return all;
    }
}
