package dev.patchbay.event;

import dev.patchbay.event.EventLog.Told;
import dev.patchbay.event.EventSignal.Gap;
import dev.patchbay.event.EventSignal.Happened;
import dev.patchbay.event.EventSignal.Passed;
import dev.patchbay.stream.Drain;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * One subscriber's events: live while it keeps up, from the log while it does not.
 *
 * <p>The bus puts what happens into a small queue, and drops what does not fit. The view keeps a <em>position</em>: all
 * up to it was told, did not pass the filter, or was announced as lost. It is
 *
 * <ul>
 *   <li><em>live</em> while the queue's first event fits to the position, which it says itself by its {@code prev};
 *   <li><em>behind</em> when it does not fit, or the queue is empty and something was dropped: then it reads pages of the
 *       log after its position, one at a time and only when its subscriber wants more, until the queue fits again. Where
 *       a page begins later than asked, what is between is lost, and announced.
 * </ul>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>one {@link Drain}, on the view's worker; position, page and subscriber are touched by nothing else;
 *   <li>the position never goes back; an event is told only when it is above it, and raises it;
 *   <li>{@code dropped} is set after an event was dropped and cleared before the log is read, in which every event is
 *       before it comes to the queue: nothing dropped is overlooked;
 *   <li>the queue is joined before the first position is chosen: nothing happens unseen between the two.
 * </ol>
 */
final class EventView extends Flux<EventSignal> {
    private final RecordedLog log;
    private final EventBus bus;
    private final Subscription wanted;
    private final RecorderSetup setup;
    private final Sizes sizes;

    /**
     * How much a view takes at a time.
     *
     * @param queue live events that may wait for the subscriber
     * @param page events of the log that are looked at
     */
    record Sizes(int queue, int page) {
        static final Sizes USUAL = new Sizes(256, 512);
    }

    EventView(RecordedLog log, EventBus bus, Subscription wanted, RecorderSetup setup,
            Sizes sizes) {
        this.sizes = sizes;
        this.log = log;
        this.bus = bus;
        this.wanted = wanted;
        this.setup = setup;
    }

    @Override
    public void subscribe(CoreSubscriber<? super EventSignal> actual) {
        new Session(actual).begin();
    }

    private final class Session implements org.reactivestreams.Subscription {
        private final CoreSubscriber<? super EventSignal> actual;
        private final Scheduler.Worker worker = setup.threads().views().createWorker();
        private final Queue<Told> queue = Queues.<Told>get(sizes.queue()).get();
        private final Drain drain = new Drain(this::schedule, this::emit);
        private final AtomicLong requested = new AtomicLong();
        private final Disposable.Composite sources = Disposables.composite();
        private final Disposable.Swap reading = Disposables.swap();
        private volatile boolean dropped;
        private volatile boolean ended;
        private volatile boolean cancelled;
        private volatile boolean bookmarkDue;
        private volatile @Nullable EventPage arrived;
        private volatile EventSignal.@Nullable Subscribed begun;
        private volatile @Nullable Throwable failure;

        // The drain's:
        private final ArrayDeque<EventSignal> ready = new ArrayDeque<>(2);
        private @Nullable Cursor position;
        private @Nullable EventPage page;
        private Iterator<LoggedEvent> rest = List.<LoggedEvent>of().iterator();
        private boolean isReading;
        private long said; // the number up to which the subscriber knows that nothing is missing

        Session(CoreSubscriber<? super EventSignal> actual) {
            this.actual = actual;
        }

        void begin() {
            actual.onSubscribe(this);
            if (cancelled) {
                return;
            }
            sources.add(reading);
            sources.add(bus.live(wanted.filter()).subscribe(this::heard, this::failed, this::over));
            sources.add(bus.epochs().subscribe(_ -> wake(), this::failed));
            sources.add(new Beginnings(log).of(wanted.from()).subscribe(where -> {
                begun = where;
                wake();
            }, this::failed));
            wanted.bookmarks().ifPresent(this::markEvery);
        }

        private void markEvery(Duration pause) {
            sources.add(Flux.interval(pause, setup.threads().timers()).onBackpressureDrop().subscribe(_ -> {
                bookmarkDue = true;
                wake();
            }, this::failed));
        }

        private void heard(Told told) {
            if (!queue.offer(told)) {
                dropped = true;
            }
            wake();
        }

        private void failed(Throwable e) {
            failure = e;
            wake();
        }

        private void over() {
            ended = true;
            wake();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.accumulateAndGet(n, Operators::addCap);
                wake();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            stop();
        }

        private void stop() {
            sources.dispose();
            worker.dispose();
        }

        private void wake() {
            if (!cancelled) {
                drain.wake();
            }
        }

        private void schedule(Runnable work) {
            try {
                worker.schedule(work);
            } catch (RejectedExecutionException _) {
                work.run(); // the engine is closed, and its threads are gone: here is what is left
            }
        }

        private void emit() {
            long demand = requested.get();
            long emitted = 0;
            while (!cancelled && emitted < demand) {
                EventSignal signal = next();
                if (signal == null) {
                    break;
                }
                actual.onNext(signal);
                emitted++;
            }
            if (emitted != 0 && demand != Long.MAX_VALUE) {
                requested.addAndGet(-emitted);
            }
            finish();
        }

        /**
         * Ends the view with its sources: once nothing is at hand any more, and what is not at hand cannot be read, or
         * nobody asks for it.
         */
        private void finish() {
            Throwable why = failure;
            boolean over = why != null || (ended && !isReading && (!dropped || log.isClosed()));
            if (cancelled || !over || isAtHand()) {
                return;
            }
            cancelled = true;
            stop();
            if (why == null || log.isClosed()) {
                actual.onComplete();
            } else {
                actual.onError(why);
            }
        }

        private boolean isAtHand() {
            boolean begins = begun != null && position == null;
            boolean live = failure == null && !queue.isEmpty(); // else nothing leads to what is in there
            return begins || live || !ready.isEmpty() || rest.hasNext();
        }

        /** The next signal; nothing if there is none at the moment. */
        private @Nullable EventSignal next() {
            while (true) {
                EventSignal first = ready.poll();
                if (first != null) {
                    return first;
                }
                Cursor place = position;
                if (place == null) {
                    if (!takePosition()) {
                        return null;
                    }
                } else if (page != null || isReading) {
                    if (!takeFromPage()) {
                        return null;
                    }
                } else if (!takeLive(place)) {
                    return null;
                }
            }
        }

        private boolean takePosition() {
            EventSignal.Subscribed where = begun;
            if (where == null) {
                return false;
            }
            position = where.resumeFrom();
            said = where.resumeFrom().seq();
            dropped = true; // whatever there is after it
            ready.add(where);
            return true;
        }

        /** Goes on in the page, also to its end; false if it has not come yet. */
        private boolean takeFromPage() {
            EventPage present = page;
            if (present == null) {
                present = arrived;
                if (present == null) {
                    return false;
                }
                open(present);
            }
            if (rest.hasNext()) {
                tellFromLog(rest.next());
            } else {
                position = present.end();
                page = null;
                if (present.head() > present.through()) {
                    dropped = true; // there is more
                }
            }
            return true;
        }

        private void open(EventPage present) {
            isReading = false;
            arrived = null;
            page = present;
            rest = present.events().iterator();
            Cursor before = position;
            if (before != null && !before.equals(present.from())) {
                ready.add(new Gap(before, present.from(), present.reason()));
                position = present.from();
                said = present.from().seq();
            }
        }

        private void tellFromLog(LoggedEvent event) {
            Happened signal;
            try {
                signal = new Happened(event.event(), said);
            } catch (JournalException e) {
                // Nobody else may have noticed: whoever passes bytes on does not look at them.
                page = null;
                rest = List.<LoggedEvent>of().iterator();
                read(log.distrust(event.cursor(), e), event.cursor().at(positionSeq()));
                return;
            }
            tell(event.cursor(), signal);
        }

        private long positionSeq() {
            Cursor place = position;
            return place == null ? 0 : place.seq();
        }

        private void tell(Cursor place, Happened signal) {
            position = place;
            said = place.seq();
            ready.add(signal);
        }

        /** Takes what the bus brought, or begins to read what it did not; false if nothing is left to do. */
        private boolean takeLive(Cursor place) {
            Told told = queue.peek();
            if (told == null) {
                if (dropped || !log.era().epoch().equals(place.epoch())) {
                    read(Mono.empty(), place);
                    return true;
                }
                return mark(place);
            }
            if (!told.event().cursor().epoch().equals(place.epoch())) {
                if (log.era().epoch().equals(place.epoch())) {
                    queue.poll(); // it is of an epoch that is over
                } else {
                    read(Mono.empty(), place); // the position is
                }
            } else if (told.seq() <= place.seq()) {
                queue.poll();
            } else if (told.prev() > place.seq()) {
                read(Mono.empty(), place);
            } else {
                queue.poll();
                // What the bus's group began with was no event, or none that this view told.
                tell(told.event().cursor(), told.prev() <= said
                        ? told.signal()
                        : new Happened(told.signal().event(), said));
            }
            return true;
        }

        private void read(Mono<Void> before, Cursor place) {
            isReading = true;
            dropped = false;
            reading.update(before.then(log.read(place, sizes.page(), wanted.filter())).subscribe(found -> {
                arrived = found;
                wake();
            }, this::failed));
        }

        /** A bookmark, if one is due and the position did not move by itself. */
        private boolean mark(Cursor place) {
            if (!bookmarkDue) {
                return false;
            }
            Cursor told = bus.told();
            // In this order: what was told up to there is in the queue, or was dropped, before it is said.
            if (told == null || !queue.isEmpty() || dropped) {
                return false;
            }
            bookmarkDue = false;
            if (told.epoch().equals(place.epoch()) && told.seq() > place.seq()) {
                position = told;
            }
            long now = positionSeq();
            if (now == said) {
                return false;
            }
            said = now;
            ready.add(new Passed(place.at(now)));
            return true;
        }
    }
}
