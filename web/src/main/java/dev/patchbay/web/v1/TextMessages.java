package dev.patchbay.web.v1;

import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;

/**
 * Each message as one WebSocket frame of text from a server, header included (RFC 6455, section 5.2): not masked, not
 * compressed, since no extension is ever negotiated here.
 *
 * @param content what is in the frames
 */
record TextMessages(Encoding content) implements Encoding {
    private static final int WHOLE_TEXT = 0x81;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int USUAL_HEADER = 4;

    @Override
    public void write(ByteBuf out, Said said) {
        int start = out.writerIndex();
        out.writeZero(USUAL_HEADER);
        content.write(out, said);
        int length = out.writerIndex() - start - USUAL_HEADER;
        if (length == 0) {
            out.writerIndex(start);
        } else if (length >= TWO_BYTES && length <= 0xffff) {
            out.setByte(start, WHOLE_TEXT).setByte(start + 1, TWO_BYTES).setShort(start + 2, length);
        } else {
            unusual(out, start, length);
        }
    }

    /** A header of another size than was left free: the content is moved. */
    private static void unusual(ByteBuf out, int start, int length) {
        byte[] bytes = new byte[length];
        out.getBytes(start + USUAL_HEADER, bytes);
        out.writerIndex(start).writeByte(WHOLE_TEXT);
        if (length < TWO_BYTES) {
            out.writeByte(length);
        } else {
            out.writeByte(EIGHT_BYTES).writeLong(length);
        }
        out.writeBytes(bytes);
    }
}
