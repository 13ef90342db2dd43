package dev.patchbay.web.feed;

import dev.patchbay.Plugins;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventLog;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The feeds of one event loop, to which all of it belongs: a {@link Topic} per distinct filter.
 *
 * <p>Its feeds have a bounded number of pages of the journal at a time, however many of them are behind, as all are after a
 * restart: a page is kept in memory from when it is read until it was said, or dropped. The others wait in a queue.
 */
final class LoopHub {
    private static final Logger LOG = LoggerFactory.getLogger(LoopHub.class);

    private final Plugins plugins;
    private final EventLoop loop;
    private final Map<EventFilter, Topic> topics = new HashMap<>();
    private final Disposable.Swap epochs = Disposables.swap();
    private final Set<Feed> queue = new LinkedHashSet<>(); // of those that wait for a page
    private final EventHub.Limits limits;
    private final Rest rest;
    private int pages; // that may be taken
    private final ConcurrentMap<EventFilter, Integer> filters; // of all event loops, with their number
    private volatile int feeds; // written on the event loop
    private volatile long lag; // the same

    LoopHub(Plugins plugins, EventLoop loop, EventHub.Limits limits,
            ConcurrentMap<EventFilter, Integer> filters) {
        this.filters = filters;
        this.plugins = plugins;
        this.loop = loop;
        this.limits = limits;
        this.rest = new Rest(loop.ticker());
        this.pages = limits.pages();
    }

    EventHub.Limits limits() {
        return limits;
    }

    /** Whether a feed may have a page now; else {@link Feed#mayRead} is called when it may. */
    boolean takePage(Feed feed) {
        if (pages == 0) {
            queue.add(feed);
            return false;
        }
        pages--;
        return true;
    }

    /** Takes back what a feed may. */
    void givePage() {
        if (queue.isEmpty()) {
            pages++;
        } else {
            Feed next = queue.iterator().next();
            queue.remove(next);
            next.mayRead();
        }
    }

    Feed open(Wish wish, Outlet outlet) {
        EventLog log = plugins.eventLog();
        if (topics.isEmpty()) {
            epochs.update(log.epochs().subscribe(_ -> run(this::epochBegan), this::broken));
        }
        Topic topic = topics.get(wish.filter());
        boolean isNew = topic == null;
        if (topic == null) {
            topic = new Topic(log, wish.filter(), this);
            topics.put(wish.filter(), topic);
            filters.merge(wish.filter(), 1, Integer::sum);
        }
        var feed = new Feed(plugins, topic, wish, outlet);
        topic.enter(feed);
        count(1);
        if (isNew) {
            topic.listen(); // before the feed looks where it begins: nothing happens unseen between the two
        }
        feed.begin();
        return feed;
    }

    /** Takes a feed out, and its topic with the last one. */
    void close(Topic topic, Feed feed) {
        count(-1);
        queue.remove(feed);
        if (topic.leave(feed)) {
            topics.remove(topic.filter());
            filters.computeIfPresent(topic.filter(), (_, loops) -> loops == 1 ? null : loops - 1);
            if (topics.isEmpty()) {
                epochs.update(Disposables.disposed());
            }
        }
    }

    int feeds() {
        return feeds;
    }

    /** How far its feeds were behind at most when this was asked last. Any thread. */
    long lag() {
        if (feeds > 0) {
            runLater(this::measure);
        }
        return feeds == 0 ? 0 : lag;
    }

    private void measure() {
        Cursor newest = plugins.eventLog().bounds().newest();
        long most = 0;
        for (Topic topic : topics.values()) {
            most = Math.max(most, topic.lag(newest));
        }
        lag = most;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void count(int more) {
        feeds += more;
    }

    private void epochBegan() {
        List.copyOf(topics.values()).forEach(Topic::lookAgain);
    }

    private void broken(Throwable bug) {
        run(() -> List.copyOf(topics.values()).forEach(topic -> topic.failed(bug)));
    }

    /** Does something on the event loop: at once if this is on it. */
    void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            runLater(task);
        }
    }

    /** Does something on the event loop after what is there to do already. */
    void runLater(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException _) {
            // It has ended, with all its connections. Who tells an event now, as a closing engine does, has others to tell.
            LOG.debug("an event loop has ended, and its feeds with it");
        }
    }

    /**
     * Does something on the event loop after what is there to do already, connections that have something included, and
     * not before some time has passed.
     */
    Future<?> runAfterOthers(Runnable task, long nanos) {
        try {
            return loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            LOG.debug("an event loop has ended, and its feeds with it");
            return loop.newFailedFuture(ended);
        }
    }

    Rest rest() {
        return rest;
    }
}
