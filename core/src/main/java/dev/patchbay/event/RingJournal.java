package dev.patchbay.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/**
 * A journal in memory: the newest events, bounded by their number and by what they take. Ends with the process.
 *
 * <p>One writer, any number of readers, no locks. Invariants: {@code oldest} is raised before an event is let go, and
 * {@code head} after one was put in; a reader that finds another number at a place than it looked for was overtaken.
 */
public final class RingJournal implements EventJournal {
    /** How many events an embedded engine keeps. */
    public static final int MAX_EVENTS = 65_536;

    /** How many bytes of them. */
    public static final long MAX_BYTES = 64L << 20;

    private static final long USUAL_BYTES = 1024;

    private final RandomGenerator chance;
    private final AtomicReferenceArray<LoggedEvent> places;
    private final int mask;
    private final int maxEvents;
    private final long maxBytes;
    private long bytes; // writer only
    private volatile long oldest = 1;
    private volatile long head;
    private volatile String epoch;

    /**
     * Makes one.
     *
     * @param maxEvents how many events are kept at most, at least 1
     * @param maxBytes how many bytes they take, about, at most; the newest event is kept whatever it takes
     * @param chance where epochs are drawn from
     */
    public RingJournal(int maxEvents, long maxBytes, RandomGenerator chance) {
        this(maxEvents, maxBytes, Epochs.draw(chance), chance);
    }

    private RingJournal(int maxEvents, long maxBytes, String epoch, RandomGenerator chance) {
        if (maxEvents < 1 || maxEvents > 1 << 24) {
            throw new IllegalArgumentException("a journal keeps 1 to 2^24 events, not " + maxEvents);
        }
        int size = Integer.highestOneBit(Math.max(1, maxEvents - 1) * 2);
        this.places = new AtomicReferenceArray<>(size);
        this.mask = size - 1;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.chance = chance;
        this.epoch = epoch;
    }

    /** Makes one of the usual size. */
    public static RingJournal ofUsualSize(RandomGenerator chance) {
        return new RingJournal(MAX_EVENTS, MAX_BYTES, chance);
    }

    /** Makes one for the newest events of another journal. */
    static RingJournal window(Cursor head, int maxEvents) {
        var window = new RingJournal(maxEvents, (long) maxEvents * USUAL_BYTES, head.epoch(),
                () -> 0);
        window.oldest = head.seq() + 1;
        window.head = head.seq();
        return window;
    }

    @Override
    public Mono<Opened> open() {
        return Mono.fromSupplier(() -> new Opened(bounds(), List.of()));
    }

    @Override
    public Mono<Void> append(List<LoggedEvent> events) {
        return Mono.fromRunnable(() -> events.forEach(this::add));
    }

    /** Appends one event. */
    void add(LoggedEvent event) {
        long seq = event.seq();
        if (seq != head + 1) {
            throw new IllegalStateException("event " + seq + " after " + head);
        }
        bytes += event.weight();
        while (oldest < seq && (seq - oldest >= maxEvents || bytes > maxBytes)) {
            letGo();
        }
        places.set(place(seq), event);
        head = seq;
    }

    private void letGo() {
        long gone = oldest;
        oldest = gone + 1;
        LoggedEvent event = places.getAndSet(place(gone), null);
        bytes -= event == null ? 0 : event.weight();
    }

    @Override
    public Mono<EventPage> read(long after, int max, EventFilter filter) {
        return Mono.fromSupplier(() -> page(after, max, filter));
    }

    /** See {@link #read}; from memory, at once. */
    EventPage page(long after, int max, EventFilter filter) {
        var found = new ArrayList<LoggedEvent>();
        long newest = head;
        long begin = Math.max(after, oldest - 1);
        long seq = begin;
        while (seq < newest && seq - begin < max) {
            LoggedEvent event = places.get(place(seq + 1));
            if (event != null && event.seq() == seq + 1) {
                seq++;
                if (filter.isAll() || filter.test(event.event())) {
                    found.add(event);
                }
            } else if (seq == begin) {
                begin = oldest - 1; // overtaken by the writer before the first
                seq = begin;
                newest = head;
            } else {
                break; // overtaken later: what is there is whole, the next page begins behind the hole
            }
        }
        return new EventPage(new Cursor(epoch, begin), EventSignal.Loss.TRIMMED, seq, found, newest);
    }

    /** Whether what follows this number is all here, at this moment. */
    boolean reaches(long after) {
        return after >= oldest - 1;
    }

    @Override
    public Mono<Long> before(Instant time) {
        return Mono.fromSupplier(() -> {
            long newest = head;
            for (long seq = oldest; seq <= newest; seq++) {
                LoggedEvent event = places.get(place(seq));
                if (event != null && event.seq() == seq && !event.event().time().isBefore(time)) {
                    return seq - 1;
                }
            }
            return newest;
        });
    }

    @Override
    public Bounds bounds() {
        while (true) {
            long newest = head;
            long first = oldest;
            if (first <= newest + 1) {
                return new Bounds(epoch, first, newest);
            } // else the writer was faster than this reader
        }
    }

    /** Forgets everything. The writer's: nobody appends meanwhile. */
    @Override
    public Mono<Void> abandon() {
        return Mono.fromRunnable(() -> {
            oldest = 1;
            head = 0;
            bytes = 0;
            for (int place = 0; place <= mask; place++) {
                places.set(place, null);
            }
            epoch = Epochs.draw(chance);
        });
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private int place(long seq) {
        return (int) seq & mask;
    }
}
