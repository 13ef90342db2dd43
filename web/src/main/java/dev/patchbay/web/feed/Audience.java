package dev.patchbay.web.feed;

import dev.patchbay.event.EventLog.Told;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Live feeds of one topic with one encoding: each event is written once and shared by all. One event loop's. */
final class Audience {
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

    /** Hands events to all; those that cannot take one leave, and are added to a list. */
    void hand(List<Told> events, List<Feed> behind) {
        int from = 0;
        while (from < events.size() && !feeds.isEmpty()) {
            ByteBufAllocator buffers = feeds.getFirst().voice().outlet().allocator();
            try (var batch = Batch.write(buffers, encoding, events, from)) {
                hand(batch, behind);
                from += batch.size();
            }
        }
    }

    private void hand(Batch batch, List<Feed> behind) {
        int kept = 0;
        for (int i = 0; i < feeds.size(); i++) {
            Feed feed = feeds.get(i);
            if (feed.take(batch)) {
                feeds.set(kept++, feed);
            } else {
                behind.add(feed);
            }
        }
        feeds.subList(kept, feeds.size()).clear();
    }

    /** Has all leave. */
    void dismiss(List<Feed> behind) {
        feeds.forEach(Feed::dismissed);
        behind.addAll(feeds);
        feeds.clear();
    }
}
