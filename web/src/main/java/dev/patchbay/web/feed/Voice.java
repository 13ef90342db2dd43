package dev.patchbay.web.feed;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** How one feed speaks: writes messages in an encoding to an outlet. Where writing fails, no buffer is left behind. */
record Voice(Outlet outlet, Encoding encoding) {
    /** About how much is written at once of what was not written for others already. */
    static final int BATCH_BYTES = 16 << 10;

    /** How many events are looked at before that, at most: most may be left out. */
    static final int BATCH_EVENTS = 128;

    private static final int USUAL_BYTES = 512;

    /** Says one thing. */
    void say(Said said) {
        send(written(said));
    }

    /** Says what somebody writes, and sends it. */
    void sayAll(Consumer<ByteBuf> writing) {
        send(written(BATCH_BYTES, writing));
        outlet.flush();
    }

    /** One thing as bytes. */
    ByteBuf written(Said said) {
        return written(USUAL_BYTES, out -> encoding.write(out, said));
    }

    private ByteBuf written(int bytes, Consumer<ByteBuf> writing) {
        ByteBuf out = outlet.allocator().directBuffer(bytes);
        try {
            writing.accept(out);
            return out;
        } catch (RuntimeException | Error e) {
            out.release();
            throw e;
        }
    }

    private void send(ByteBuf out) {
        if (out.isReadable()) {
            outlet.write(out);
        } else {
            out.release();
        }
    }
}
