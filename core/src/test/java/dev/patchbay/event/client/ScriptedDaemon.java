package dev.patchbay.event.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A daemon that says what a test makes it say, connection by connection. */
final class ScriptedDaemon implements AutoCloseable {
    static final int PATIENCE_SECONDS = 60;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BlockingQueue<Talk> talks = new LinkedBlockingQueue<>();
    private final DisposableServer server;
    private volatile int refusal;
    private volatile @Nullable String authorization;

    private ScriptedDaemon(SocketAddress address) {
        server = HttpServer.create().bindAddress(() -> address).handle(this::handle).bindNow();
    }

    static ScriptedDaemon open() {
        return openAt(0);
    }

    /** Another one at the address of one that is gone. */
    static ScriptedDaemon openAt(int port) {
        return new ScriptedDaemon(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    }

    static ScriptedDaemon openAt(Path socket) {
        return new ScriptedDaemon(new DomainSocketAddress(socket.toString()));
    }

    int port() {
        return server.port();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + port());
    }

    /** Answers handshakes with a status from now on; with 0 as it should. */
    void refuse(int status) {
        refusal = status;
    }

    Optional<String> authorization() {
        return Optional.ofNullable(authorization);
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        authorization = request.requestHeaders().get("Authorization");
        assertThat(request.uri()).isEqualTo("/patchbay/v1/events");
        if (refusal != 0) {
            return response.status(refusal).send();
        }
        return response.sendWebsocket(this::talk,
                WebsocketServerSpec.builder().protocols("patchbay.v1").build());
    }

    private Publisher<Void> talk(WebsocketInbound in, WebsocketOutbound out) {
        var talk = new Talk();
        in.withConnection(connection -> talk.channel = connection.channel());
        talks.add(talk);
        return in.receive().asString().doOnNext(talk.heard::add).then();
    }

    /** The next connection that a client makes. */
    Talk next() throws InterruptedException {
        Talk talk = talks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(talk).as("a connection").isNotNull();
        return talk;
    }

    @Override
    public void close() {
        server.disposeNow();
    }

    /** One connection. */
    static final class Talk {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private volatile @Nullable Channel channel;

        private Channel channel() {
            return Objects.requireNonNull(channel, "set before anybody gets to know this");
        }

        /** Greets, is asked for a subscription, and grants it; answers what it was asked for. */
        JsonNode begin(String resumeFrom) throws InterruptedException {
            return begin("ok", resumeFrom);
        }

        JsonNode begin(String reason, String resumeFrom) throws InterruptedException {
            hello(30_000);
            JsonNode wish = hear();
            subscribed(reason, resumeFrom);
            return wish;
        }

        void hello(long heartbeatMs) {
            hello(heartbeatMs, 1000);
        }

        void hello(long heartbeatMs, int maxCredit) {
            say("{'frame':'hello','epoch':'e','oldest':1,'head':9,'heartbeatMs':" + heartbeatMs
                    + ",'maxCredit':" + maxCredit + ",'node':'n','version':'1','more':[]}");
        }

        void subscribed(String reason, String resumeFrom) {
            say("{'frame':'subscribed','sub':'events','recovered':" + reason.equals("ok") + ",'reason':'"
                    + reason
                    + "','resumeFrom':'" + resumeFrom + "','head':9}");
        }

        void event(long seq, long prev) {
            event(seq, prev, "collect");
        }

        void event(long seq, long prev, String type) {
            say("{'frame':'event','sub':'events','seq':" + seq + ",'prev':" + prev
                    + ",'time':'2026-01-31T12:00:00Z','type':'" + type
                    + "','generation':0,'actor':{'kind':'engine'},'attributes':{}}");
        }

        void gap(String from, String to, String reason) {
            say("{'frame':'gap','sub':'events','from':'" + from + "','to':'" + to + "','reason':'" + reason
                    + "'}");
        }

        /** Says JSON with single quotes. */
        void say(String text) {
            send(new TextWebSocketFrame(text.replace('\'', '"')));
        }

        void send(WebSocketFrame frame) {
            var _ = channel().writeAndFlush(frame);
        }

        void close(int code, String reason) {
            send(new CloseWebSocketFrame(code, reason));
        }

        /** Ends the connection without a word. */
        void cut() {
            var _ = channel().close();
        }

        JsonNode hear() throws InterruptedException {
            String text = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(text).as("a frame").isNotNull();
            return JSON.readTree(text);
        }

        boolean hasHeardNothing() {
            return heard.isEmpty();
        }

        void awaitClosed() throws InterruptedException {
            assertThat(channel().closeFuture().await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("closed")
                    .isTrue();
        }
    }
}
