package dev.patchbay.web.feed;

import dev.patchbay.event.EventLog.Told;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Live feeds of one topic with one encoding: each event is written once and shared by all. One event loop's.
 *
 * <p>It goes round: each feed in turn is handed all that it has not had, what came since the round began included. So with
 * many feeds nobody waits longer than a round, and a connection's state is looked at once for all of it. Invariants, for
 * the events that were ever added, counted from the first:
 *
 * <ul>
 *   <li>each feed was handed all events before {@code from}, where a round began, once it ends;
 *   <li>it was handed all before its own {@link Feed#heard}, which is in the batches that are kept, or at their end.
 * </ul>
 */
final class Audience {
    private static final int USUAL_BYTES = 512;

    private final Encoding encoding;
    private final List<Feed> feeds = new ArrayList<>();
    private final Deque<Batch> batches = new ArrayDeque<>(); // which somebody may not have had
    private long start; // of the first batch
    private long end;
    private long from; // where the end was when the round began, or the one before ended
    private int next; // who is

    Audience(Encoding encoding) {
        this.encoding = encoding;
    }

    Encoding encoding() {
        return encoding;
    }

    /** Takes in a feed that knows all that was added. */
    void add(Feed feed) {
        feed.heard(end);
        feeds.add(feed);
    }

    void remove(Feed feed) {
        int at = feeds.indexOf(feed);
        if (at >= 0) {
            remove(at);
        }
    }

    private void remove(int at) {
        feeds.remove(at);
        next -= at < next ? 1 : 0;
    }

    /** Lets those go that were closed while events were handed over. */
    void removeClosed() {
        for (int at = feeds.size() - 1; at >= 0; at--) {
            if (feeds.get(at).isClosed()) {
                remove(at);
            }
        }
    }

    boolean isEmpty() {
        return feeds.isEmpty();
    }

    /** Whether all have had all. */
    boolean isServed() {
        return batches.isEmpty();
    }

    /** Whether some feeds of this round had their turn, and others had not. */
    boolean isMidRound() {
        return next > 0;
    }

    /** How many events were added since the round began, or the one before ended. */
    long waiting() {
        return end - from;
    }

    /** Adds an event that happens, to be handed over. */
    void add(Told told) {
        Batch last = batches.peekLast();
        if (last == null || !last.add(encoding, told)) {
            int size = feeds.size() > Topic.TURN ? Voice.BATCH_BYTES : USUAL_BYTES; // more is added in long rounds only
            var begun = new Batch(feeds.getFirst().voice().outlet().allocator(), size);
            batches.add(begun);
            var _ = begun.add(encoding, told);
        }
        end++;
    }

    /** Goes on with the round for so many feeds at most; those that cannot take an event leave, and are added to a list. */
    int serve(int most, List<Feed> behind) {
        int begin = next;
        int stop = Math.min(feeds.size(), begin + most);
        from = begin == 0 ? end : from;
        for (int at = begin; at < stop; at++) {
            Feed feed = feeds.get(at);
            if (hand(feed)) {
                feeds.set(next++, feed);
            } else {
                behind.add(feed);
            }
        }
        feeds.subList(next, stop).clear();
        if (next >= feeds.size()) {
            endRound();
        }
        return stop - begin;
    }

    private boolean hand(Feed feed) {
        long at = start;
        for (Batch batch : batches) {
            long had = feed.heard() - at;
            if (had < batch.size() && !feed.take(batch, (int) Math.max(0, had))) {
                return false;
            }
            at += batch.size();
        }
        feed.heard(end);
        feed.flush();
        return true;
    }

    private void endRound() {
        boolean all = from == end;
        while (!batches.isEmpty() && (all || start + batches.getFirst().size() <= from)) {
            Batch had = batches.removeFirst();
            start += had.size();
            had.release();
        }
        next = 0;
        from = end;
    }

    /** Has all leave. */
    void dismiss(List<Feed> behind) {
        feeds.forEach(Feed::dismissed);
        behind.addAll(feeds);
        feeds.clear();
        release();
    }

    /** Lets the batches go; nobody is handed any more. */
    void release() {
        from = end;
        endRound();
    }
}
