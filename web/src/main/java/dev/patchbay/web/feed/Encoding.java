package dev.patchbay.web.feed;

import io.netty.buffer.ByteBuf;

/**
 * How a wire format writes what a feed says. A value: equal encodings write equal bytes, which is why feeds that have
 * equal ones share them.
 */
public interface Encoding {
    /**
     * Appends what is said, and nothing if the format has no word for it, or leaves it out. Whether an event is written
     * depends on the event alone; a format that leaves some out does not write the number before one either.
     */
    void write(ByteBuf out, Said said);

    /**
     * Whether the format has a word for lost events, and for a new epoch; if it has none, a feed ends with the first loss,
     * and goes on in a new epoch if none is.
     */
    default boolean tellsLosses() {
        return true;
    }
}
