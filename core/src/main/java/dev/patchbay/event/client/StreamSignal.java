package dev.patchbay.event.client;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a stream says. From the first {@link Connected} on, it accounts for every number after its {@code resumeFrom}, in
 * order, whatever befalls connections and daemons: what passes the filter is told once, and what is lost is announced.
 */
public sealed interface StreamSignal {
    /**
     * The daemon answers; again after each {@link Disconnected}.
     *
     * @param node the daemon's machine
     * @param version the daemon's own
     * @param resumeFrom the place after which it goes on
     * @param head the newest event there was
     */
    record Connected(String node, String version, Cursor resumeFrom, Cursor head) implements StreamSignal {}

    /**
     * The connection is over, or could not be made; the stream comes back by itself. While its subscriber asks for
     * nothing, only the last of several is kept.
     *
     * @param reason a sentence for people
     * @param closeCode what the daemon closed with, if it did
     * @param pause how long the stream waits before it tries again
     */
    record Disconnected(String reason, OptionalInt closeCode, Duration pause) implements StreamSignal {}

    /** Something happened. */
    record Happened(PluginEvent event) implements StreamSignal {}

    /**
     * Something happened for which this version of the client has no word: of another type than it knows, caused by
     * somebody of another kind, or of a plugin whose types it cannot read.
     *
     * @param type as on the wire
     */
    record Unknown(Cursor cursor, String type) implements StreamSignal {}

    /**
     * What happened after {@code from}, up to and including {@code to}, is lost to this stream, if anything did. It goes on
     * after {@code to}, which may be of another epoch. Whoever keeps a picture of the plugins must draw it again.
     */
    record Lost(Cursor from, Cursor to, Loss reason) implements StreamSignal {}

    /** Nothing else passed the filter up to this place: a good one to resume from. Only the last of several is kept. */
    record Passed(Cursor upTo) implements StreamSignal {}

    /** The plugins follow, as they were at this place. A snapshot before it that did not end is void. */
    record SnapshotBegan(Cursor asOf) implements StreamSignal {}

    /**
     * A plugin of the snapshot.
     *
     * @param json all that is said of it: {@code Plugin} in the daemon's {@code openapi.json}
     */
    record SnapshotPlugin(PluginId id, String name, String json) implements StreamSignal {}

    /** All plugins were told; what happened after this place follows. */
    record SnapshotEnded(Cursor asOf) implements StreamSignal {}

    /** Why events are lost to a stream. */
    enum Loss {
        /** They are older than what the daemon keeps. */
        TRIMMED("trimmed"),
        /** The daemon's journal failed; it goes on in memory, in a new epoch. */
        JOURNAL_FAILED("journal_failed"),
        /** The daemon's journal works again, in a new epoch. */
        JOURNAL_RETURNED("journal_returned"),
        /** The daemon began a new epoch while the stream was away. */
        EPOCH_CHANGED("epoch_changed"),
        /** The daemon has not come as far as the stream; it goes on with what is new there. */
        FUTURE("future"),
        /** The daemon left them out, and did so again when asked for them; or it gave a reason that is not known here. */
        UNEXPLAINED("");

        private final String wireName;

        Loss(String wireName) {
            this.wireName = wireName;
        }

        static Loss of(String wireName) {
            for (Loss loss : values()) {
                if (loss.wireName.equals(wireName)) {
                    return loss;
                }
            }
            return UNEXPLAINED;
        }
    }
}
