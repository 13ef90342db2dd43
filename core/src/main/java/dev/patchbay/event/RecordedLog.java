package dev.patchbay.event;

import dev.patchbay.stream.TimeLimit;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The log as a recorder writes it: the present era, and the newest events of the one before it, for who reads them still.
 */
final class RecordedLog implements EventLog {
    private final EventBus bus;
    private final RecorderSetup setup;
    private final BiFunction<Era, Throwable, Mono<Void>> distrust;
    private volatile Eras eras;
    private volatile boolean closed;
    private final long begun;
    private volatile long answeredAt;
    private final AtomicLong answeredWhoAskedAt = new AtomicLong();

    private record Eras(Era present, @Nullable Era before) {}

    /**
     * Makes one.
     *
     * @param distrust told of an era that cannot be read; completes when it was left
     */
    RecordedLog(Era first, EventBus bus, RecorderSetup setup,
            BiFunction<Era, Throwable, Mono<Void>> distrust) {
        this.eras = new Eras(first, null);
        this.bus = bus;
        this.setup = setup;
        this.distrust = distrust;
        this.begun = setup.threads().timers().now(TimeUnit.NANOSECONDS);
    }

    Era era() {
        return eras.present();
    }

    /** Goes on in another era. The recorder's. */
    void enter(Era era) {
        eras = new Eras(era, eras.present());
        bus.begin(era.bounds().newest());
    }

    /** The journal is about to be closed; what is in memory can be read still. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Mono<Void> distrust(Cursor place, JournalException cause) {
        return Mono.defer(() -> {
            Era era = era();
            return era.epoch().equals(place.epoch()) ? distrust.apply(era, cause) : Mono.empty();
        });
    }

    @Override
    public Bounds bounds() {
        return era().bounds();
    }

    @Override
    public Mono<EventPage> read(Cursor after, int max, EventFilter filter) {
        if (max < 1 || max > MAX_PAGE) {
            throw new IllegalArgumentException("a page looks at 1 to " + MAX_PAGE + " events, not " + max);
        }
        return Mono.defer(() -> {
            Eras now = eras;
            Era old = now.before();
            if (after.epoch().equals(now.present().epoch())) {
                return within(now.present(), after, max, filter);
            } else if (old != null && after.epoch().equals(old.epoch()) && isLeft(old, after.seq())) {
                return Mono.just(last(old, after, max, filter));
            }
            Bounds bounds = now.present().bounds();
            return within(now.present(), bounds.beforeOldest(), max, filter)
                    .map(page -> begunWith(now.present(), page));
        });
    }

    private static boolean isLeft(Era old, long after) {
        return after < old.window().bounds().head() && old.window().reaches(after);
    }

    /** The present era comes after it: the page is not the last, whatever it holds. */
    private static EventPage last(Era old, Cursor after, int max, EventFilter filter) {
        EventPage page = old.window().page(after.seq(), max, filter);
        return new EventPage(page.from(), page.reason(), page.through(), page.events(),
                Math.max(page.head(), page.through() + 1));
    }

    private static EventPage begunWith(Era era, EventPage page) {
        return new EventPage(page.from(), era.begun(), page.through(), page.events(), page.head());
    }

    @Override
    public boolean isNear(Cursor place) {
        Era era = era();
        return era.epoch().equals(place.epoch()) && (era.isInMemory() || era.window().reaches(place.seq()));
    }

    @Override
    public boolean isRenumbered(Cursor from, Cursor to) {
        Eras now = eras;
        Era old = now.before();
        return old != null && old.epoch().equals(from.epoch()) && now.present().epoch().equals(to.epoch())
                && old.fact(from) == now.present().fact(to);
    }

    private Mono<EventPage> within(Era era, Cursor after, int max, EventFilter filter) {
        if (era.isInMemory() || era.window().reaches(after.seq())) {
            EventPage page = era.window().page(after.seq(), max, filter);
            if (era.isInMemory() || page.from().seq() == after.seq()) {
                return Mono.just(page);
            } // else it was overtaken: the journal has it
        }
        return patiently(era, era.journal().read(after.seq(), max, filter).map(era::told),
                () -> read(after, max, filter));
    }

    @Override
    public Mono<Cursor> before(Instant time) {
        return Mono.defer(() -> {
            Era era = era();
            return patiently(era, era.journal()
                    .before(time)
                    .map(seq -> new Cursor(era.epoch(), Math.min(seq, era.bounds().head()))),
                    () -> before(time));
        });
    }

    /** Has the journal answer, and leaves it if it does not, or not this one. */
    private <T> Mono<T> patiently(Era era, Mono<T> reading, Supplier<Mono<T>> again) {
        if (era.isInMemory()) {
            return reading;
        } else if (closed) {
            return Mono.error(() -> new JournalException("the engine is closed"));
        }
        long askedAt = now();
        return TimeLimit
                .on(reading.doOnNext(_ -> answered(askedAt)), hang(askedAt),
                        Mono.error(TimeoutException::new))
                .onErrorResume(e -> closed
                        ? Mono.error(new JournalException("the engine is closed", e))
                        : distrust.apply(era, e).then(Mono.defer(again)));
    }

    private void answered(long askedAt) {
        answeredAt = now();
        answeredWhoAskedAt.accumulateAndGet(askedAt, Math::max);
    }

    /** By a clock that nobody sets. */
    private long now() {
        return setup.threads().timers().now(TimeUnit.NANOSECONDS) - begun;
    }

    /**
     * Emits once the journal has answered nobody for too long, or somebody who asked that much later. How long an answer
     * takes says nothing: thousands may read, and each waits for those before.
     */
    private Mono<Long> hang(long askedAt) {
        long patience = setup.patience().toNanos();
        return Mono.delay(setup.patience(), setup.threads().timers())
                .filter(_ -> now() - answeredAt >= patience || answeredWhoAskedAt.get() - askedAt >= patience)
                .repeatWhenEmpty(rounds -> rounds);
    }

    @Override
    public Flux<Cursor> epochs() {
        return bus.epochs();
    }

    @Override
    public Optional<Cursor> told() {
        return Optional.ofNullable(bus.told());
    }

    @Override
    public Flux<Told> live(EventFilter filter) {
        return bus.live(filter);
    }
}
