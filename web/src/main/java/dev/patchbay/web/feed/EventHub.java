package dev.patchbay.web.feed;

import dev.patchbay.Plugins;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventLog;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;

/** Opens feeds: one {@link LoopHub} per event loop, made with its first feed. Thread-safe. */
public final class EventHub {
    /** How many distinct filters the feeds of all event loops may have. */
    public static final int MAX_FILTERS = 1000;

    private final Plugins plugins;
    private final Limits limits;
    private final ConcurrentHashMap<EventFilter, Integer> filters = new ConcurrentHashMap<>(); // in how many loops
    private final ConcurrentHashMap<EventLoop, LoopHub> loops = new ConcurrentHashMap<>();

    /**
     * What feeds may take of their event loop.
     *
     * @param pages how many pages of the journal they may have at a time, all together
     * @param turn how often one does something before others get their turn
     */
    public record Limits(int pages, int turn) {
        /** What suits thousands of connections. */
        public static final Limits USUAL = new Limits(16, 8);
    }

    /** Makes one for an engine. */
    public EventHub(Plugins plugins) {
        this(plugins, Limits.USUAL);
    }

    /** Makes one whose feeds may take more or less than is usual. */
    public EventHub(Plugins plugins, Limits limits) {
        this.plugins = plugins;
        this.limits = limits;
    }

    /** All events. */
    public EventLog log() {
        return plugins.eventLog();
    }

    /** Opens a feed; it says something before this returns, or later. On the outlet's event loop. */
    public Feed open(EventLoop loop, Wish wish, Outlet outlet) {
        return loops.computeIfAbsent(loop, key -> new LoopHub(plugins, key, limits, filters))
                .open(wish, outlet);
    }

    /**
     * Whether a feed with this filter may be opened: each distinct one costs the log's writer, and so everybody. About
     * right while others are opened at the same time.
     */
    public boolean admits(EventFilter filter) {
        return filters.containsKey(filter) || filters.size() < MAX_FILTERS;
    }

    /**
     * How many events the feed that is furthest behind has not been told: what the event loops said last, who are asked anew
     * for the next time.
     */
    public long lag() {
        long lag = 0;
        for (LoopHub loop : loops.values()) {
            lag = Math.max(lag, loop.lag());
        }
        return lag;
    }

    /** How many feeds there are. Sums up numbers of other threads: for tests and meters. */
    public int feeds() {
        return loops.values().stream().mapToInt(LoopHub::feeds).sum();
    }
}
