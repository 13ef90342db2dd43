package dev.patchbay.web.feed;

import dev.patchbay.event.EventLog.Told;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Live feeds of one topic with one encoding: each event is written once and shared by all. One event loop's. */
final class Audience {
    private static final int USUAL_BYTES = 512;

    private final Encoding encoding;
    private final List<Feed> feeds = new ArrayList<>();

    Audience(Encoding encoding) {
        this.encoding = encoding;
    }

    void add(Feed feed) {
        feeds.add(feed);
    }

    void remove(Feed feed) {
        feeds.remove(feed);
    }

    /** Lets those go that were closed while an event was handed over. */
    void removeClosed() {
        feeds.removeIf(Feed::isClosed);
    }

    boolean isEmpty() {
        return feeds.isEmpty();
    }

    /** Hands an event to all; those that cannot take it leave, and are added to a list. */
    void hand(Told told, List<Feed> behind) {
        if (feeds.isEmpty()) {
            return;
        }
        ByteBuf shared = feeds.getFirst().voice().outlet().allocator().directBuffer(USUAL_BYTES);
        try {
            encoding.write(shared, new Said.Happened(told.event(), told.prev()));
            int kept = 0;
            for (int i = 0; i < feeds.size(); i++) {
                Feed feed = feeds.get(i);
                if (feed.take(told, shared)) {
                    feeds.set(kept++, feed);
                } else {
                    behind.add(feed);
                }
            }
            feeds.subList(kept, feeds.size()).clear();
        } finally {
            shared.release();
        }
    }

    void flush() {
        for (Feed feed : feeds) {
            feed.flush();
        }
    }

    /** Has all leave. */
    void dismiss(List<Feed> behind) {
        feeds.forEach(Feed::dismissed);
        behind.addAll(feeds);
        feeds.clear();
    }
}
