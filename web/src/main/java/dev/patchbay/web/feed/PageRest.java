package dev.patchbay.web.feed;

import dev.patchbay.event.EventPage;
import dev.patchbay.event.LoggedEvent;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What a feed has not said yet of a page of the log, and how large its next page should be. */
final class PageRest {
    private static final int MIN_SIZE = 64;
    private static final int MAX_SIZE = 1024;

    private Optional<EventPage> page = Optional.empty();
    private Iterator<LoggedEvent> rest = List.<LoggedEvent>of().iterator();
    private int nextSize = MIN_SIZE;
    private final LoopHub hub;
    private boolean allowed; // a page of the journal, which the hub has few of

    PageRest(LoopHub hub) {
        this.hub = hub;
    }

    /** Whether a page may be read for a feed; else it is called when it may. */
    boolean isAllowed(Feed feed) {
        if (!allowed) {
            allowed = hub.takePage(feed);
        }
        return allowed;
    }

    /** A page may be read, for which the feed has waited. */
    void allow() {
        allowed = true;
    }

    /** How many events the next page should look at. */
    int nextSize() {
        return nextSize;
    }

    void open(EventPage found) {
        page = Optional.of(found);
        rest = found.events().iterator();
    }

    /** The page that it has, if it has one. */
    Optional<EventPage> whole() {
        return page;
    }

    boolean hasNext() {
        return rest.hasNext();
    }

    LoggedEvent next() {
        return rest.next();
    }

    /** Lets it go, said or not: the next one is smaller if it was not, else larger. */
    void close() {
        if (page.isPresent()) {
            nextSize = rest.hasNext() ? Math.max(MIN_SIZE, nextSize / 2) : Math.min(MAX_SIZE, nextSize * 2);
        }
        page = Optional.empty();
        rest = List.<LoggedEvent>of().iterator();
        if (allowed) {
            allowed = false;
            hub.givePage();
        }
    }
}
