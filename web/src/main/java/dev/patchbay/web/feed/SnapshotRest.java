package dev.patchbay.web.feed;

import dev.patchbay.PluginSnapshot;
import dev.patchbay.PluginView;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventSignal;
import io.netty.buffer.ByteBuf;
import java.util.Iterator;

/** What a feed has not said yet of a snapshot. */
final class SnapshotRest {
    private final Iterator<PluginView> plugins;
    private boolean ended;

    SnapshotRest(PluginSnapshot whole, EventFilter filter) {
        this.plugins = whole.plugins()
                .stream()
                .filter(view -> filter.concerns(view.plugin().id(), view.plugin().name().familiar(),
                        view.plugin().config().api().types().items()))
                .iterator();
    }

    /** What a feed says first that begins with a snapshot, with the newest event there is at that moment. */
    static EventSignal.Subscribed beginning(PluginSnapshot whole, Cursor newest) {
        Cursor asOf = whole.asOf();
        return new EventSignal.Subscribed(EventSignal.Beginning.OK, asOf,
                newest.epoch().equals(asOf.epoch()) ? newest : asOf);
    }

    /** Whether all was said, the end as well. */
    boolean isEmpty() {
        return ended;
    }

    /** Writes some of it. */
    void write(ByteBuf out, Voice voice, Said.SnapshotEnded end) {
        while (plugins.hasNext() && out.readableBytes() < Voice.BATCH_BYTES) {
            voice.encoding().write(out, new Said.Plugin(plugins.next()));
        }
        if (!plugins.hasNext()) {
            ended = true;
            voice.encoding().write(out, end);
        }
    }
}
