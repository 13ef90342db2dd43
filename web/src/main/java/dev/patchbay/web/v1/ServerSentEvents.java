package dev.patchbay.web.v1;

import dev.patchbay.event.Cursor;
import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Frames as server-sent events (HTML standard, section 9.2). The id is a cursor, from which a browser resumes by itself;
 * events are plain messages, other frames have their kind as type.
 */
record ServerSentEvents() implements Encoding {
    private static final JsonFrames FRAMES = new JsonFrames("");
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void write(ByteBuf out, Said said) {
        id(said).ifPresent(place -> {
            out.writeBytes(ID);
            ByteBufUtil.writeAscii(out, place.toString());
            out.writeByte('\n');
        });
        String type = type(said);
        if (!type.isEmpty()) {
            ByteBufUtil.writeAscii(out, "event: " + type + "\n");
        }
        out.writeBytes(DATA);
        FRAMES.write(out, said);
        out.writeBytes(END);
    }

    /** From where to resume for who has heard this. Not within a snapshot: the rest of it would be missing. */
    private static Optional<Cursor> id(Said said) {
        return switch (said) {
            case Said.Began(var where, boolean snapshot) -> snapshot
                    ? Optional.empty()
                    : Optional.of(where.resumeFrom());
            case Said.SnapshotBegan _,Said.Plugin _ -> Optional.empty();
            case Said.SnapshotEnded(Cursor asOf) -> Optional.of(asOf);
            case Said.Happened(var event, long _) -> Optional.of(event.cursor());
            case Said.Lost(var gap) -> Optional.of(gap.to());
            case Said.Passed(Cursor upTo) -> Optional.of(upTo);
        };
    }

    private static String type(Said said) {
        return switch (said) {
            case Said.Began _ -> "subscribed";
            case Said.SnapshotBegan _ -> "snapshot.begin";
            case Said.Plugin _ -> "plugin";
            case Said.SnapshotEnded _ -> "snapshot.end";
            case Said.Happened _ -> "";
            case Said.Lost _ -> "gap";
            case Said.Passed _ -> "bookmark";
        };
    }
}
