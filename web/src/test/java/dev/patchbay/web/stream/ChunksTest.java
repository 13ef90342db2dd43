package dev.patchbay.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Cursor;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Chunks as another reads them. */
final class ChunksTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    private static String read(ByteBuf body) {
        var channel = new EmbeddedChannel(new HttpResponseDecoder());
        channel.writeInbound(Unpooled.copiedBuffer(HEAD, StandardCharsets.US_ASCII), body);
        var content = new StringBuilder();
        for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
            assertThat(next.decoderResult().isSuccess()).isTrue();
            if (next instanceof HttpContent part) {
                content.append(part.content().toString(StandardCharsets.UTF_8));
                part.release();
            }
        }
        channel.finishAndReleaseAll();
        return content.toString();
    }

    @Test
    void haveTheSizeOfTheirContent() {
        for (int length : new int[]{1, 15, 16, 255, 4096, 100_000}) {
            String text = "x".repeat(length);
            ByteBuf body = Chunks.write(Chunks.write(Unpooled.buffer(), text), "ü\n");

            assertThat(read(body)).isEqualTo(text + "ü\n");
        }
    }

    @Test
    void areLeftOutWithoutContent() {
        ByteBuf body = Unpooled.buffer();
        new Chunks((_, _) -> {}).write(body, new Said.Passed(new Cursor("e", 1)));

        assertThat(body.isReadable()).isFalse();
        body.release();
    }
}
