package dev.patchbay.web;

import dev.patchbay.web.Caller.Transport;
import dev.patchbay.web.Route.WayOut;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.Context;

/**
 * The way of one request: name it, admit it, find its route, have it authorized, call the handler, write the reply. Runs on
 * event loops.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final RouteTable routes;
    private final HostPolicy hosts;
    private final Admission admission;
    private final Optional<Tokens> tokens;
    private final Guard guard;
    private final boolean asksForUsers;
    private final int maxBodyBytes;
    private final RequestIds ids = new RequestIds();

    Dispatcher(RouteTable routes, HostPolicy hosts, Admission admission, ServerConfig config) {
        this.routes = routes;
        this.hosts = hosts;
        this.admission = admission;
        this.tokens = config.tokens();
        this.guard = new Guard(config.authorization());
        this.asksForUsers = guard.hasWayOut();
        this.maxBodyBytes = config.limits().maxBodyBytes();
    }

    Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        Caller caller = caller(request);
        var writer = new ReplyWriter(response, admission.closing());
        response.header(RequestIds.HEADER, caller.requestId());
        Optional<Admission.Place> entered = admission.enter()
                .or(() -> caller.isRoot() ? admission.enterReserve() : Optional.empty());
        if (entered.isEmpty()) {
            return writer.write(full());
        }
        Admission.Place place = entered.get();
        return answer(request, caller, place)
                .map(reply -> isPossible(request, reply)
                        ? reply
                        : ErrorReplies.of(505,
                                "this answer goes on for as long as it may, in chunks, which HTTP/1.0 does not have: ask with HTTP/1.1"))
                .onErrorResume(Throwable.class, failure -> Mono.just(ErrorReplies.of(failure, caller)))
                .doOnNext(reply -> logAccess(request, caller, reply))
                .flatMap(reply -> {
                    if (goesOn(reply)) {
                        place.goesOn();
                    }
                    return writer.write(reply);
                })
                .doFinally(_ -> place.leave())
                .contextWrite(Context.of(RequestIds.CONTEXT_KEY, caller.requestId()));
    }

    private static Reply.Full full() {
        return ErrorReplies.of(503,
                "the server has as many requests under way as it takes; try again in a moment");
    }

    /** A live body is chunks already, past HTTP's encoder, unless its length is known. */
    private static boolean isPossible(HttpServerRequest request, Reply reply) {
        return !(reply instanceof Reply.Live live) || request.version().minorVersion() > 0
                || live.body().length().isPresent();
    }

    private static boolean goesOn(Reply reply) {
        return switch (reply) {
            case Reply.Stream _,Reply.Live _,Reply.WebSocket _ -> true;
            case Reply.Full _,Reply.Late _ -> false;
        };
    }

    private Mono<Reply> answer(HttpServerRequest request, Caller caller, Admission.Place place) {
        return Mono.defer(() -> {
            if (request.version().majorVersion() != 1) {
                throw new HttpFailure(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
            }
            hosts.check(request.method(), request.requestHeaders(), ownAddress(request, caller));
            Target target = RequestTarget.parse(request.method(), request.uri());
            if (!isKnown(request, caller)) {
                return Mono.just(ErrorReplies.unauthorized(target.path(), caller));
            }
            if (!target.path().equals(RequestTarget.clean(target.path()))) {
                return Mono.just(Reply.empty(301).with("Location", RequestTarget.location(target)));
            }
            Optional<RouteTable.Match> match = routes.find(target.method(), target.path());
            if (match.isEmpty()) {
                return Mono.just(ErrorReplies.of(404, "page not found"));
            }
            if (place.isReserve() && match.get().route().wayOut() == WayOut.CLOSED) {
                return Mono.just(full()); // what is kept free for root is for getting rid of plugins that hang
            }
            Target found = target.with(match.get().variables());
            return guard.answer(match.get().route(), exchange(request, found, caller), place,
                    channel(request).eventLoop());
        });
    }

    private boolean isKnown(HttpServerRequest request, Caller caller) {
        return caller.transport() == Transport.UNIX || tokens.isEmpty()
                || tokens.get().admit(request.requestHeaders());
    }

    private Exchange exchange(HttpServerRequest request, Target target, Caller caller) {
        var chunks = request.receive()
                .map(Dispatcher::copy)
                .onErrorMap(IOException.class, _ -> cut())
                .onErrorMap(AbortedException.class, _ -> cut());
        var body = new Body(chunks, declaredLength(request), maxBodyBytes);
        return new Exchange(target, request.requestHeaders(), body, caller, admission.closing());
    }

    private static HttpFailure cut() {
        return HttpFailure.badRequest("the request body ended before it was complete");
    }

    private static ByteBuffer copy(ByteBuf buffer) { // the caller of map releases the original
        ByteBuffer copy = ByteBuffer.allocate(buffer.readableBytes());
        buffer.readBytes(copy);
        return copy.flip();
    }

    private static OptionalLong declaredLength(HttpServerRequest request) {
        if (request.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return OptionalLong.empty();
        }
        String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH, "0");
        try {
            return OptionalLong.of(Long.parseLong(length));
        } catch (NumberFormatException _) {
            throw HttpFailure.badRequest("the Content-Length is not a number");
        }
    }

    private Caller caller(HttpServerRequest request) {
        String id = ids.choose(Optional.ofNullable(request.requestHeaders().get(RequestIds.HEADER)));
        SocketAddress remote = request.connectionRemoteAddress();
        if (!(remote instanceof InetSocketAddress inet)) {
            return new Caller(id, Transport.UNIX, "", List.of(), peer(request));
        }
        List<X509Certificate> certificates = Optional
                .ofNullable(channel(request).pipeline().get(SslHandler.class))
                .map(Dispatcher::peer)
                .orElse(List.of());
        Transport transport = certificates.isEmpty() ? Transport.TCP : Transport.MUTUAL_TLS;
        return new Caller(id, transport, inet.getHostString(), certificates, Optional.empty());
    }

    /** Whom the kernel says that it has let connect; not known where Netty has to do without its own transport. */
    private Optional<Caller.Peer> peer(HttpServerRequest request) {
        try {
            return asksForUsers && channel(request) instanceof EpollDomainSocketChannel socket
                    ? Optional.of(peer(socket.peerCredentials()))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.debug("it cannot be told who has connected", e);
            return Optional.empty();
        }
    }

    private static Caller.Peer peer(PeerCredentials credentials) {
        return new Caller.Peer(credentials.uid(), credentials.pid());
    }

    private static Channel channel(HttpServerRequest request) {
        var found = new AtomicReference<Channel>();
        request.withConnection(connection -> found.set(connection.channel())); // called back at once
        return Objects.requireNonNull(found.get());
    }

    private static List<X509Certificate> peer(SslHandler tls) {
        try {
            return Stream.of(tls.engine().getSession().getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException _) {
            return List.of(); // clients without a certificate do not get through the handshake
        }
    }

    private static String ownAddress(HttpServerRequest request, Caller caller) {
        if (caller.transport() == Transport.UNIX
                || !(request.connectionHostAddress() instanceof InetSocketAddress own)) {
            return "";
        }
        return own.getAddress().getHostAddress();
    }

    private static void logAccess(HttpServerRequest request, Caller caller, Reply reply) {
        if (LOG.isDebugEnabled()) {
            String status = switch (reply) {
                case Reply.Full full -> Integer.toString(full.status());
                case Reply.Stream stream -> Integer.toString(stream.status());
                case Reply.Live _ -> "200";
                case Reply.Late _ -> "not known yet";
                case Reply.WebSocket _ -> "101";
            };
            HttpMethod method = request.method();
            LOG.debug("request {} from {} {}: {} {} -> {}", caller.requestId(), caller.transport(),
                    caller.remoteAddress(), method, printable(request.uri()), status);
        }
    }

    /** Without the query, which may hold names that are nobody's business, and without control characters. */
    private static String printable(String uri) {
        int question = uri.indexOf('?');
        return (question < 0 ? uri : uri.substring(0, question)).replaceAll("\\p{Cntrl}", "?");
    }
}
