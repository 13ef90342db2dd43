package dev.patchbay.web.feed;

import dev.patchbay.event.EventSignal;
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

    /** There is nothing more to say: the engine is closed, or the feed has finished. */
    void ended();

    /** Events are lost to a feed whose encoding has no word for that. It has ended: going on would hide the loss. */
    void lost(EventSignal.Gap gap);

    /**
     * The engine is closed before all was said to a feed whose encoding has no word for that. It has ended: what was said
     * must not look as if it was whole.
     */
    void unfinished();

    /**
     * A feed cannot go on: because of something that the engine tells of, a {@link dev.patchbay.PluginException}, or of a
     * bug.
     */
    void failed(Throwable why);
}
