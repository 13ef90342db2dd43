package dev.patchbay.web.feed;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventLog.Told;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.util.concurrent.Queues;

/**
 * The feeds of one event loop with one filter: hands what happens to those that keep up, and lets the others read it.
 *
 * <p>The log's writer puts what happens into a small queue, and drops what does not fit; the rest is the event loop's.
 * {@code dropped} is set after an event was dropped, and cleared before the feeds read the log, where every event is
 * before it is told: nothing dropped is overlooked.
 */
final class Topic {
    /** Events that may wait for the event loop. */
    static final int QUEUE = 1024;

    /** How many feeds are handed events before other work of the event loop gets its turn. */
    static final int TURN = 512;

    /** How many events are added to those that are handed over, at most: more wait in the queue. */
    private static final int ADDED = 64;

    /** How often an event is written, and kept, before other work of the event loop gets its turn. */
    private static final int WRITTEN = 4096;

    private final EventLog log;
    private final EventFilter filter;
    private final LoopHub hub;
    private final Queue<Told> queue = Queues.<Told>get(QUEUE).get();
    private final AtomicInteger wip = new AtomicInteger();
    private final Disposable.Swap listening = Disposables.swap();
    private volatile boolean dropped;
    private volatile boolean over;

    // The event loop's:
    private final Set<Feed> all = new HashSet<>();
    private final Map<Encoding, Audience> audiences = new HashMap<>();
    private final Deque<Audience> busy = new ArrayDeque<>(); // not all of their feeds have had all
    private final List<Feed> behind = new ArrayList<>();
    private Future<?> paused = ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    private boolean rested; // before this turn, or rests now
    private boolean handing;
    private boolean left; // somebody did while events were handed over
    private @Nullable Cursor newest;

    Topic(EventLog log, EventFilter filter, LoopHub hub) {
        this.log = log;
        this.filter = filter;
        this.hub = hub;
    }

    EventFilter filter() {
        return filter;
    }

    EventLog log() {
        return log;
    }

    LoopHub hub() {
        return hub;
    }

    void listen() {
        listening.update(log.live(filter).subscribe(this::heard, bug -> hub.run(() -> failed(bug)), () -> {
            over = true;
            wake();
        }));
    }

    /** On the thread of the log's writer. */
    private void heard(Told told) {
        if (!queue.offer(told)) {
            dropped = true;
        }
        wake();
        if (queue.size() == ADDED) {
            hub.runLater(this::endRest);
        }
    }

    private void wake() {
        if (wip.getAndIncrement() == 0) {
            hub.runLater(this::drain);
        }
    }

    /** Goes on now if it pauses: much has come meanwhile. */
    private void endRest() {
        if (rested && paused.cancel(false)) {
            drain();
        }
    }

    private void drain() {
        try {
            turns();
        } catch (RuntimeException | Error bug) {
            handing = false;
            failed(bug); // which closes all feeds: nothing is left to drain
            forget();
        }
    }

    private void turns() {
        int missed = wip.get();
        do {
            long rest = restNanos();
            rested = rest > 0;
            if (rested || !turn()) {
                paused = hub.runAfterOthers(this::drain, rest);
                return;
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    /** How long to pause now: once, and not in the middle of a round, nor while much waits. */
    private long restNanos() {
        Audience first = busy.peek();
        long waiting = queue.size() + (first == null ? 0 : first.waiting());
        boolean isMidRound = first != null && first.isMidRound();
        boolean isIdle = first == null && waiting == 0;
        return rested || isMidRound || isIdle || waiting >= ADDED ? 0 : hub.rest().left();
    }

    /** Hands over what is there; false if there is more than one turn's worth. */
    private boolean turn() {
        boolean ends = over; // before it is known that all was handed over
        hub.rest().after(() -> {
            admit();
            handOver();
        });
        boolean whole = busy.isEmpty() && queue.isEmpty();
        if (whole && dropped) {
            lookAgain();
        }
        catchUp();
        if (whole && ends) {
            List.copyOf(all).forEach(Feed::sourceEnded);
        }
        return whole;
    }

    /** Adds what waits to what is handed over: less for many audiences, each of which writes it, and keeps it. */
    private void admit() {
        long waiting = busy.stream().mapToLong(Audience::waiting).max().orElse(0);
        int most = Math.clamp(WRITTEN / Math.max(1, audiences.size()), 1, ADDED);
        for (long room = most - waiting; room > 0; room--) {
            Told told = queue.poll();
            if (told == null) {
                return;
            }
            noteNewest(told.event().cursor());
            for (Audience audience : audiences.values()) {
                if (audience.isServed()) {
                    busy.add(audience);
                }
                audience.add(told);
            }
        }
    }

    /** Notes how far the log is, at least: an event of an epoch before does not say. */
    private void noteNewest(Cursor event) {
        Cursor last = newest;
        if (last != null && last.epoch().equals(event.epoch())) {
            newest = event.at(Math.max(event.seq(), last.seq()));
        } else if (event.epoch().equals(log.bounds().epoch())) {
            newest = event;
        }
    }

    private void handOver() {
        handing = true;
        int most = TURN;
        boolean again = false;
        while (most > 0 && !again && !busy.isEmpty()) {
            Audience audience = busy.remove();
            most -= audience.serve(most, behind);
            again = !audience.isServed();
            if (audience.isMidRound()) {
                busy.addFirst(audience);
            } else if (again) {
                busy.addLast(audience);
            }
        }
        handing = false;
        boolean fewer = left || !behind.isEmpty();
        if (left) {
            left = false;
            audiences.values().forEach(Audience::removeClosed);
        }
        if (fewer) {
            List.copyOf(audiences.values()).forEach(this::removeIfEmpty);
        }
    }

    private void removeIfEmpty(Audience audience) {
        if (audience.isEmpty()) {
            audience.release();
            busy.remove(audience);
            audiences.remove(audience.encoding());
        }
    }

    /** How many events the feed that is furthest behind has not been told, at most: those of all filters are counted. */
    long lag(Cursor newest) {
        long most = 0;
        for (Feed feed : all) {
            most = Math.max(most, feed.lag(newest));
        }
        return most;
    }

    /** Has all live feeds read the log: something may have happened that they were not told. */
    void lookAgain() {
        dropped = false;
        newest = log.bounds().newest(); // whoever reads meanwhile must not join before it: some up to there was dropped
        audiences.values().forEach(audience -> audience.dismiss(behind));
        forget();
        catchUp();
    }

    private void forget() {
        audiences.values().forEach(Audience::release);
        audiences.clear();
        busy.clear();
        left = false;
    }

    private void catchUp() {
        if (!behind.isEmpty()) {
            List<Feed> now = List.copyOf(behind);
            behind.clear();
            now.forEach(Feed::resume);
        }
    }

    void failed(Throwable bug) {
        List.copyOf(all).forEach(feed -> feed.failed(bug));
    }

    void enter(Feed feed) {
        all.add(feed);
    }

    /** Takes a feed out; true if it was the last. */
    boolean leave(Feed feed) {
        all.remove(feed);
        left |= handing;
        if (!handing) { // else it leaves when the event was handed over
            quit(feed);
        }
        if (all.isEmpty()) {
            listening.dispose();
        }
        return all.isEmpty();
    }

    /** Takes a feed out of those that are handed what happens, if it is one. Not while an event is handed over. */
    void quit(Feed feed) {
        Audience audience = audiences.get(feed.voice().encoding());
        if (audience != null) {
            audience.remove(feed);
            removeIfEmpty(audience);
        }
    }

    /** Takes a feed that has caught up into those that are handed what happens; false if something happened meanwhile. */
    boolean join(Feed feed, Cursor position) {
        if (isAhead(position)) {
            return false;
        }
        audiences.computeIfAbsent(feed.voice().encoding(), Audience::new).add(feed);
        return true;
    }

    private boolean isAhead(Cursor position) {
        Cursor last = newest;
        if (!log.bounds().epoch().equals(position.epoch())) {
            return true;
        }
        return last != null && last.epoch().equals(position.epoch()) && last.seq() > position.seq();
    }

    /** Whether an event of another epoch than a feed's means that the feed is behind; else the event is old. */
    boolean isNewEpoch(Cursor position) {
        return !log.bounds().epoch().equals(position.epoch());
    }

    /** Up to where every event was handed over that passes the filter; nothing if that is not known at the moment. */
    @Nullable
    Cursor covered() {
        Cursor told = log.told().orElse(null); // first: what was told up to there was added, or dropped, or is in the queue
        return queue.isEmpty() && busy.isEmpty() && !dropped ? told : null;
    }
}
