package dev.patchbay.web.feed;

import dev.patchbay.event.EventLog.Told;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/**
 * Events that happen, one after the other, in one encoding: written once, shared by all who are handed them. What feeds
 * hold of it stays when it is closed.
 */
final class Batch implements AutoCloseable {
    private static final int USUAL_BYTES = 512;

    private final List<Told> events;
    private final ByteBuf bytes;
    private final int[] ends;
    private int spoken; // events that are not left out
    private boolean chained = true;

    private Batch(List<Told> events, ByteBuf bytes) {
        this.events = events;
        this.bytes = bytes;
        this.ends = new int[events.size()];
    }

    /** Writes events from a place in a list on: one at least, and about {@link Voice#BATCH_BYTES} at most. */
    static Batch write(ByteBufAllocator buffers, Encoding encoding, List<Told> events, int from) {
        List<Told> rest = events.subList(from, events.size());
        var all = new Batch(rest,
                buffers.directBuffer(Math.min(Voice.BATCH_BYTES, rest.size() * USUAL_BYTES)));
        try {
            int count = 0;
            while (count < rest.size() && all.bytes.readableBytes() < Voice.BATCH_BYTES) {
                all.write(encoding, count++);
            }
            return count == rest.size() ? all : all.first(count);
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private void write(Encoding encoding, int at) {
        Told told = events.get(at);
        int before = bytes.writerIndex();
        encoding.write(bytes, new Said.Happened(told.event(), told.prev()));
        ends[at] = bytes.writerIndex();
        spoken += ends[at] > before ? 1 : 0;
        chained &= at == 0 || follows(told, events.get(at - 1));
    }

    private static boolean follows(Told told, Told before) {
        return told.prev() == before.seq()
                && told.event().cursor().epoch().equals(before.event().cursor().epoch());
    }

    private Batch first(int count) {
        var part = new Batch(events.subList(0, count), bytes);
        System.arraycopy(ends, 0, part.ends, 0, count);
        part.spoken = spoken;
        part.chained = chained;
        return part;
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

    /** How many events are not left out. */
    int spoken() {
        return spoken;
    }

    /** Whether each event is the next after the one before it. */
    boolean isChained() {
        return chained;
    }

    /** All events. Whoever keeps it retains it. */
    ByteBuf bytes() {
        return bytes;
    }

    /** One event; empty if it is left out. Whoever keeps it retains it. */
    ByteBuf bytes(int at) {
        int start = at == 0 ? 0 : ends[at - 1];
        return bytes.slice(start, ends[at] - start);
    }

    @Override
    public void close() {
        bytes.release();
    }
}
