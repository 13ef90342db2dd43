package dev.patchbay.benchmarks.events;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Happening;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Events of 300 bytes, and the frames that the event stream has of them, for those who send the same without an engine. */
public final class StreamFrames {
    private static final Happening SAMPLE = new Happening(Instant.EPOCH, EventType.BACKOFF,
            Optional.of(new PluginId("0123456789abcdef".repeat(4))), "vieux/sshfs:latest",
            List.of(InterfaceType.docker("volumedriver")), 7, Actor.caller("req-1"),
            Map.of("attempt", "3", "delayMs", "400"));
    private static final int WHOLE_TEXT = 0x81;
    private static final int TWO_BYTES = 126;

    private StreamFrames() {}

    /** Something that happens now. */
    public static Happening happening() {
        return new Happening(Instant.now(), SAMPLE.type(), SAMPLE.plugin(), SAMPLE.name(), SAMPLE.types(),
                SAMPLE.generation(), SAMPLE.actor(), SAMPLE.attributes());
    }

    /** The same as an event at a place. */
    public static LoggedEvent event(Cursor place) {
        Happening it = happening();
        return LoggedEvent.of(new PluginEvent(place, it.time(), it.type(), it.plugin(), it.name(), it.types(),
                it.generation(), it.actor(), it.attributes()));
    }

    /** The frame of such an event, as it is on the wire. */
    public static ByteBuf frame(long seq) {
        return frame(event(new Cursor("0123456789abcdef", seq)));
    }

    /** The frame of an event whose predecessor passed as well. */
    public static ByteBuf frame(LoggedEvent event) {
        String start = "{\"frame\":\"event\",\"seq\":" + event.seq() + ",\"prev\":" + (event.seq() - 1) + ",";
        return message(start.getBytes(StandardCharsets.US_ASCII), event.json());
    }

    /** A frame of text. */
    public static ByteBuf message(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuf out = Unpooled.directBuffer(length + Integer.BYTES).writeByte(WHOLE_TEXT);
        if (length < TWO_BYTES) {
            out.writeByte(length);
        } else {
            out.writeByte(TWO_BYTES).writeShort(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out;
    }
}
