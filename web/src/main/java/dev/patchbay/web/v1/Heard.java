package dev.patchbay.web.v1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What comes over a WebSocket, copied out of Netty's buffers. */
sealed interface Heard {
    /** A ping, which is to be answered with the same payload. */
    @SuppressWarnings("ArrayRecordComponent") // sent back, never compared
    record Ping(byte[] payload) implements Heard {}

    /** The answer to a ping, with its number, or 0 if it has none. */
    record Pong(long ping) implements Heard {}

    /** Bytes. */
    record Bytes() implements Heard {}

    /** A frame of an extension, such as a compressed one: none was negotiated (RFC 6455, section 5.2). */
    record Extended() implements Heard {}

    /** Part of a text, perhaps all of it. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Part(byte[] utf8, boolean last) implements Heard {}

    static Heard of(WebSocketFrame frame) {
        return switch (frame) {
            case WebSocketFrame extended when extended.rsv() != 0 -> new Extended();
            case PingWebSocketFrame ping -> new Ping(ByteBufUtil.getBytes(ping.content()));
            case PongWebSocketFrame pong -> new Pong(number(pong.content()));
            case BinaryWebSocketFrame _ -> new Bytes();
            // Text, and continuations: that those follow something is seen to by Netty.
            default -> new Part(ByteBufUtil.getBytes(frame.content()), frame.isFinalFragment());
        };
    }

    private static long number(ByteBuf payload) {
        return payload.readableBytes() == Long.BYTES ? payload.getLong(payload.readerIndex()) : 0;
    }

    /** Puts parts together. One connection's. */
    final class Assembly {
        private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

        /** Takes a part; false if that makes the whole too long. */
        boolean add(Part part) {
            if (parts.size() + part.utf8().length > StreamLimits.MAX_FRAME_BYTES) {
                return false;
            }
            parts.writeBytes(part.utf8());
            return true;
        }

        /**
         * The whole, which begins anew.
         *
         * @throws CharacterCodingException if it is not UTF-8
         */
        String take() throws CharacterCodingException {
            byte[] whole = parts.toByteArray();
            parts.reset();
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(whole)).toString();
        }
    }
}
