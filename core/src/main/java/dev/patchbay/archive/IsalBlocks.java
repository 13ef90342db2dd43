package dev.patchbay.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Compresses with ISA-L. Holds as many of its states, of some {@value IsalDeflate.State#MEBIBYTES} MiB outside the heap, as
 * there were threads that compressed at a time.
 */
final class IsalBlocks implements BlockDeflater {
    private final IsalDeflate isal;
    private final Supplier<IsalDeflate.State> states;
    private final Deque<IsalDeflate.State> idle = new ArrayDeque<>(); // guarded by this
    private boolean closed; // guarded by this

    IsalBlocks(IsalDeflate isal) {
        this(isal, IsalDeflate.State::new);
    }

    /** As {@link #IsalBlocks(IsalDeflate)}, with states made by somebody else. */
    IsalBlocks(IsalDeflate isal, Supplier<IsalDeflate.State> states) {
        this.isal = isal;
        this.states = states;
    }

    @Override
    public byte[] deflate(Block block) {
        IsalDeflate.State state = take();
        try {
            return isal.deflate(state, block);
        } finally {
            giveBack(state);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(IsalDeflate.State::free);
        idle.clear();
    }

    private synchronized IsalDeflate.State take() {
        if (closed) {
            throw new IllegalStateException("nothing is compressed any more");
        }
        return idle.isEmpty() ? states.get() : idle.pop();
    }

    private synchronized void giveBack(IsalDeflate.State state) {
        if (closed) {
            state.free();
        } else {
            idle.push(state);
        }
    }
}
