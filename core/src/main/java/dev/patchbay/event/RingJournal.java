package dev.patchbay.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

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
    private static final String UNDRAWN = "";

    private final RandomGenerator chance;
    private final @Nullable Scheduler threads; // where its epoch is drawn, if that is left to do
    private final AtomicReferenceArray<Kept> places;
    private final int mask;
    private final int maxEvents;
    private final long maxBytes;
    private long bytes; // writer only
    private Instant latest = Instant.MIN; // writer only
    private volatile long oldest = 1;
    private volatile long head;
    private volatile String epoch;

    /**
     * An event in its place.
     *
     * @param latest the latest time of it and all before it: clocks are set back, this is not
     */
    private record Kept(LoggedEvent event, Instant latest) {}

    /**
     * Makes one.
     *
     * @param maxEvents how many events are kept at most, at least 1
     * @param maxBytes how many bytes they take, about, at most; the newest event is kept whatever it takes
     * @param chance where epochs are drawn from
     */
    public RingJournal(int maxEvents, long maxBytes, RandomGenerator chance) {
        this(maxEvents, maxBytes, Epochs.draw(chance), chance, null);
    }

    private RingJournal(int maxEvents, long maxBytes, String epoch, RandomGenerator chance,
            @Nullable Scheduler threads) {
        if (maxEvents < 1 || maxEvents > 1 << 24) {
            throw new IllegalArgumentException("a journal keeps 1 to 2^24 events, not " + maxEvents);
        }
        int size = Integer.highestOneBit(Math.max(1, maxEvents - 1) * 2);
        this.places = new AtomicReferenceArray<>(size);
        this.mask = size - 1;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.chance = chance;
        this.threads = threads;
        this.epoch = epoch;
    }

    /** Makes one of the usual size. */
    public static RingJournal ofUsualSize(RandomGenerator chance) {
        return new RingJournal(MAX_EVENTS, MAX_BYTES, chance);
    }

    /**
     * The same, whose epoch is drawn when it is opened, by a thread that may block: that may read a file, and a
     * host may open its engine from an event loop.
     */
    public static EventJournal ofUsualSize(RandomGenerator chance, Scheduler threads) {
        return new RingJournal(MAX_EVENTS, MAX_BYTES, UNDRAWN, chance, threads);
    }

    /** Makes one for the newest events of another journal. */
    static RingJournal window(Cursor head, int maxEvents) {
        var window = new RingJournal(maxEvents, (long) maxEvents * USUAL_BYTES, head.epoch(),
                () -> 0, null);
        window.oldest = head.seq() + 1;
        window.head = head.seq();
        return window;
    }

    @Override
    public Mono<Opened> open() {
        Mono<Opened> opened = Mono.fromSupplier(() -> {
            if (epoch.equals(UNDRAWN)) {
                epoch = Epochs.draw(chance);
            }
            return new Opened(bounds(), List.of());
        });
        return threads == null ? opened : opened.subscribeOn(threads);
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
        Instant time = event.event().time();
        latest = time.isAfter(latest) ? time : latest;
        places.set(place(seq), new Kept(event, latest));
        head = seq;
    }

    private void letGo() {
        long gone = oldest;
        oldest = gone + 1;
        Kept let = places.getAndSet(place(gone), null);
        bytes -= let == null ? 0 : let.event().weight();
    }

    /** What is in the place of this number; nothing if the writer was faster. */
    private @Nullable Kept at(long seq) {
        Kept found = places.get(place(seq));
        return found != null && found.event().seq() == seq ? found : null;
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
            Kept next = at(seq + 1);
            if (next != null) {
                seq++;
                if (filter.isAll() || filter.test(next.event().event())) {
                    found.add(next.event());
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
            long low = oldest;
            long high = head + 1;
            while (low < high) {
                long middle = (low + high) >>> 1;
                Kept found = at(middle);
                // What was let go meanwhile is before everything that is left.
                if (found == null || found.latest().isBefore(time)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
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
            latest = Instant.MIN;
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
