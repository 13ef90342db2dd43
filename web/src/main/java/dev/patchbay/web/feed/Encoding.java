package dev.patchbay.web.feed;

import io.netty.buffer.ByteBuf;

/**
 * How a wire format writes what a feed says. A value: equal encodings write equal bytes, which is why feeds that have
 * equal ones share them.
 */
public interface Encoding {
    /** Appends what is said, and nothing if the format has no word for it. */
    void write(ByteBuf out, Said said);
}
