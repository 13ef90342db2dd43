package dev.patchbay.web.feed;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** How one feed speaks: writes messages in an encoding to an outlet. Where writing fails, no buffer is left behind. */
final class Voice {
    /** About how much is written at once of what was not written for others already. */
    static final int BATCH_BYTES = 16 << 10;

    /** How many events are looked at before that, at most: most may be left out. */
    static final int BATCH_EVENTS = 128;

    private static final int USUAL_BYTES = 512;

    private final Outlet outlet;
    private final Encoding encoding;
    private boolean holds; // what was written and not flushed

    Voice(Outlet outlet, Encoding encoding) {
        this.outlet = outlet;
        this.encoding = encoding;
    }

    Encoding encoding() {
        return encoding;
    }

    Outlet outlet() {
        return outlet;
    }

    /** Says one thing. */
    void say(Said said) {
        send(written(said));
    }

    /** Says what somebody writes, and sends it. */
    void sayAll(Consumer<ByteBuf> writing) {
        send(written(BATCH_BYTES, writing));
        outlet.flush();
    }

    /** Says what is bytes already, once it is flushed with what others hold. */
    void hold(ByteBuf bytes) {
        outlet.write(bytes);
        holds = true;
    }

    /** Sends what it holds. */
    void flush() {
        if (holds) {
            holds = false;
            outlet.flush();
        }
    }

    /** Whether the connection takes more. */
    boolean hasRoom() {
        if (!outlet.isWritable()) {
            flush(); // perhaps it only waits for that
        }
        return outlet.isWritable();
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
