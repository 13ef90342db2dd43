package dev.patchbay.web.feed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Where a feed writes to: one connection. All methods are called on its event loop. */
public interface Outlet {
    /**
     * Whether the connection takes more. When that has become so again it calls {@link Feed#resume}, but never from within
     * a method of this interface.
     */
    boolean isWritable();

    /** Takes one or several whole messages, and the buffer with them. Never fails. */
    void write(ByteBuf messages);

    /** Sends what was written. */
    void flush();

    /** Where buffers for it are made. */
    ByteBufAllocator allocator();

    /** The engine has nothing more to say to any feed of this connection. */
    void ended();

    /** A feed cannot go on, which nobody foresaw. */
    void failed(Throwable bug);
}
