package dev.patchbay.web.feed;

import dev.patchbay.event.EventLog.Told;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that happen, one after the other, in one encoding: written once, shared by all who are handed them. Events may be
 * added while some have what is before them: their bytes do not move, for a socket may have kept where they are. What
 * feeds hold of it stays when it is released.
 */
final class Batch {
    private static final int MOST_EVENTS = 64;

    private final ByteBuf bytes;
    private final List<Told> events = new ArrayList<>();
    private final int[] ends = new int[MOST_EVENTS];
    private final int[] spoken = new int[MOST_EVENTS]; // up to each event, with it: how many are not left out
    private int lastBreak; // the latest event that is not the next after the one before it
    private boolean shared; // somebody has some of the bytes: they must stay where they are

    /** Makes an empty one with room for so many bytes; it may become longer as long as nobody has any of it. */
    Batch(ByteBufAllocator buffers, int size) {
        this.bytes = buffers.directBuffer(size);
    }

    /** Writes an event; false if there is no room for it. */
    boolean add(Encoding encoding, Told told) {
        if (events.size() == MOST_EVENTS || bytes.readableBytes() >= Voice.BATCH_BYTES) {
            return false;
        }
        int before = bytes.writerIndex();
        var said = new Said.Happened(told.event(), told.prev());
        if (!shared) {
            encoding.write(bytes, said);
        } else if (!append(encoding, said)) {
            return false;
        }
        note(told, before);
        return true;
    }

    private boolean append(Encoding encoding, Said said) {
        ByteBuf one = bytes.alloc().directBuffer();
        try {
            encoding.write(one, said);
            boolean fits = one.readableBytes() <= bytes.writableBytes();
            if (fits) {
                bytes.writeBytes(one);
            }
            return fits;
        } finally {
            one.release();
        }
    }

    private void note(Told told, int before) {
        int at = events.size();
        ends[at] = bytes.writerIndex();
        spoken[at] = spokenBefore(at) + (ends[at] > before ? 1 : 0);
        if (at > 0 && !follows(told, events.get(at - 1))) {
            lastBreak = at;
        }
        events.add(told);
    }

    private static boolean follows(Told told, Told before) {
        return told.prev() == before.seq()
                && told.event().cursor().epoch().equals(before.event().cursor().epoch());
    }

    private int spokenBefore(int at) {
        return at == 0 ? 0 : spoken[at - 1];
    }

    int size() {
        return events.size();
    }

    Told event(int at) {
        return events.get(at);
    }

    Told last() {
        return events.getLast();
    }

    /** How many events from one on are not left out. */
    int spokenFrom(int at) {
        return spoken[size() - 1] - spokenBefore(at);
    }

    /** Whether each event after one is the next after the one before it. */
    boolean isChainedFrom(int at) {
        return at >= lastBreak;
    }

    /** Whether an event is not left out. */
    boolean isSpoken(int at) {
        return ends[at] > start(at);
    }

    /** All events from one on. Whoever asks releases it. */
    ByteBuf retainedFrom(int at) {
        shared = true;
        return bytes.retainedSlice(start(at), bytes.writerIndex() - start(at));
    }

    /** One event. Whoever asks releases it. */
    ByteBuf retained(int at) {
        shared = true;
        return bytes.retainedSlice(start(at), ends[at] - start(at));
    }

    private int start(int at) {
        return at == 0 ? 0 : ends[at - 1];
    }

    void release() {
        bytes.release();
    }
}
