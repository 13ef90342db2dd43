package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** What a {@link FakeRegistryServer} does wrong with a request. */
@FunctionalInterface
public interface Fault {
    /**
     * Answers in place of the server.
     *
     * @param right does what was asked, and tells what it would have answered
     */
    Publisher<Void> answer(HttpServerResponse response, Supplier<Reply> right);

    /** None: the right answer, for scripts in which every other one is wrong. */
    static Fault none() {
        return (response, right) -> right.get().send(response);
    }

    /** Never answers. */
    static Fault hang() {
        return (_, _) -> Mono.never();
    }

    /** Another answer. */
    static Fault reply(UnaryOperator<Reply> change) {
        return (response, right) -> change.apply(right.get()).send(response);
    }

    /** A status, with an explanation as registries give them. */
    static Fault status(int status, String... headers) {
        return (response, _) -> {
            var reply = Reply.error(status, "UNKNOWN", "scripted");
            for (int i = 0; i < headers.length; i += 2) {
                reply = reply.with(headers[i], headers[i + 1]);
            }
            return reply.send(response);
        };
    }

    /** Sends on to another place. */
    static Fault redirect(String location) {
        return status(307, "Location", location);
    }

    /** Closes the connection after so many bytes of the body; the headers promise all. */
    static Fault closeAfter(int bytes) {
        return raw((context, right) -> {
            byte[] head = right.head().getBytes(ISO_8859_1);
            byte[] all = Arrays.copyOf(head, head.length + bytes);
            System.arraycopy(right.body(), 0, all, head.length, Math.min(bytes, right.body().length));
            thenClose(context, Unpooled.wrappedBuffer(all));
        });
    }

    /** Sends so many bytes of the body and then nothing more. */
    static Fault stallAfter(int bytes) {
        return raw((context, right) -> {
            byte[] head = right.head().getBytes(ISO_8859_1);
            byte[] all = Arrays.copyOf(head, head.length + bytes);
            System.arraycopy(right.body(), 0, all, head.length, bytes);
            write(context, Unpooled.wrappedBuffer(all));
        });
    }

    /** Sends a header byte by byte, for ever. */
    static Fault dripHeaders(Duration pause) {
        return raw((context, _) -> {
            write(context, text("HTTP/1.1 200 OK\r\nX-Endless: "));
            repeat(context, pause, "x");
        });
    }

    /** Sends headers as fast as they are taken, for ever. */
    static Fault endlessHeaders() {
        return raw((context, _) -> {
            write(context, text("HTTP/1.1 200 OK\r\n"));
            repeat(context, Duration.ofMillis(1), ("X-More: " + "y".repeat(1000) + "\r\n").repeat(10));
        });
    }

    /** Sends a body as fast as it is taken, for ever. */
    static Fault endlessBody() {
        return raw((context, right) -> {
            write(context, text("HTTP/1.1 " + right.status() + " OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
            repeat(context, Duration.ofMillis(1), "40000\r\n" + "z".repeat(1 << 18) + "\r\n");
        });
    }

    /** Sends the body in chunks, without saying how long it is, changed or not. */
    static Fault chunked(UnaryOperator<byte[]> change) {
        return raw((context, right) -> {
            byte[] body = change.apply(right.body());
            String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
            if (body.length == 0) {
                thenClose(context, text(head + "0\r\n\r\n"));
                return;
            }
            write(context, text(head + Integer.toHexString(body.length) + "\r\n"));
            write(context, Unpooled.copiedBuffer(body));
            thenClose(context, text("\r\n0\r\n\r\n"));
        });
    }

    /** Sends what is not HTTP. */
    static Fault garbage(String text) {
        return raw((context, _) -> thenClose(context, text(text)));
    }

    /** Closes without a word. */
    static Fault close() {
        return raw((context, _) -> thenClose(context, Unpooled.EMPTY_BUFFER));
    }

    /** Writes past HTTP. */
    private static Fault raw(Wiring wiring) {
        return (response, right) -> Mono.<Void>never()
                .doOnSubscribe(_ -> response.withConnection(connection -> {
                    Channel channel = connection.channel();
                    channel.eventLoop()
                            .execute(() -> wiring.write(channel.pipeline().context(HttpServerCodec.class),
                                    right.get()));
                }));
    }

    private static void repeat(ChannelHandlerContext context, Duration pause, String text) {
        var _ = context.executor().schedule(() -> {
            if (!context.channel().isActive()) {
                return;
            }
            var _ = context.writeAndFlush(text(text)).addListener(_ -> repeat(context, pause, text));
        }, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static void write(ChannelHandlerContext context, ByteBuf bytes) {
        var _ = context.writeAndFlush(bytes);
    }

    private static void thenClose(ChannelHandlerContext context, ByteBuf bytes) {
        var _ = context.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
    }

    /** Writes bytes. */
    @FunctionalInterface
    interface Wiring {
        /** Called on the event loop. */
        void write(ChannelHandlerContext context, Reply right);
    }
}
