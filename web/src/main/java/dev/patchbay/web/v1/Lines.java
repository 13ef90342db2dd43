package dev.patchbay.web.v1;

import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;

/**
 * Each message as one line.
 *
 * @param content what is on the lines
 */
record Lines(Encoding content) implements Encoding {
    @Override
    public void write(ByteBuf out, Said said) {
        int start = out.writerIndex();
        content.write(out, said);
        if (out.writerIndex() > start) {
            out.writeByte('\n');
        }
    }
}
