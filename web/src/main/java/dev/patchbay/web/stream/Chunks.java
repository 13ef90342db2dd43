package dev.patchbay.web.stream;

import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Each message as one chunk of a body, size and line ends included (RFC 9112, section 7.1): the same bytes for all whose
 * bodies have it. The size has eight digits, so that it can be written after the content without moving that.
 *
 * @param content what is in the chunks
 */
record Chunks(Encoding content) implements Encoding {
    private static final int DIGITS = 8;
    private static final int HEADER = DIGITS + 2;
    private static final int LINE_END = ('\r' << 8) | '\n';
    private static final int BITS = 4;

    @Override
    public void write(ByteBuf out, Said said) {
        int start = begin(out);
        content.write(out, said);
        end(out, start);
    }

    @Override
    public boolean tellsLosses() {
        return content.tellsLosses();
    }

    /** Appends a text as a chunk. */
    static ByteBuf write(ByteBuf out, String text) {
        int start = begin(out);
        ByteBufUtil.writeUtf8(out, text);
        return end(out, start);
    }

    private static int begin(ByteBuf out) {
        int start = out.writerIndex();
        out.writeZero(HEADER);
        return start;
    }

    /** Nothing at all if there is no content: an empty chunk would be the end of the body. */
    private static ByteBuf end(ByteBuf out, int start) {
        int length = out.writerIndex() - start - HEADER;
        if (length == 0) {
            return out.writerIndex(start);
        }
        for (int i = 0; i < DIGITS; i++) {
            int digit = (length >>> (BITS * (DIGITS - 1 - i))) & 0xf;
            out.setByte(start + i, Character.forDigit(digit, 1 << BITS));
        }
        return out.setShort(start + DIGITS, LINE_END).writeShort(LINE_END);
    }
}
