package dev.patchbay.web.docker;

import dev.patchbay.Plugins;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.From;
import dev.patchbay.event.JournalException;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/** Events of some time, as Docker has it: those that the journal keeps, and those that happen. */
record EventHistory(Plugins plugins, Clock clock, Scheduler timer) {
    /** Events of the journal that are looked at at a time. */
    private static final int PAGE = 512;

    /**
     * The events of a window: without one only what happens, else what happened as well (contract, section 1.11).
     * <b>Cold</b>, at the subscriber's pace. Fails with {@link JournalException} once events are lost to it.
     */
    Flux<PluginEvent> within(EventWindow window) {
        if (window.until().isEmpty()) {
            return happening(window.since().<From>map(From.Since::new).orElseGet(From.Now::new));
        }
        Instant until = window.until().get();
        return Flux.defer(() -> upTo(moment(until), window.since()))
                .filter(event -> !event.time().isAfter(until));
    }

    /** When the timer comes to a time, in nanoseconds of its own; how long that is off does not change with the clock. */
    private long moment(Instant time) {
        Duration left = Duration.between(clock.instant(), time);
        Duration most = Duration.ofDays(36_500);
        return now() + (left.compareTo(most) > 0 ? most : left).toNanos();
    }

    private long now() {
        return timer.now(TimeUnit.NANOSECONDS);
    }

    /**
     * What is kept, then what happens, then what of it was not told in time: the moment ends the waiting, never the
     * reading.
     */
    private Flux<PluginEvent> upTo(long moment, Optional<Instant> since) {
        EventLog log = plugins.eventLog();
        var place = new AtomicReference<Cursor>();
        return since.map(log::before)
                .orElseGet(() -> Mono.fromSupplier(() -> log.bounds().beforeOldest()))
                .flatMapMany(begin -> {
                    place.set(begin);
                    return Flux.concat(kept(place), waiting(place, moment), kept(place));
                })
                .map(event -> {
                    place.set(event.cursor());
                    return event;
                });
    }

    private Flux<PluginEvent> waiting(AtomicReference<Cursor> place, long moment) {
        return Flux.defer(() -> {
            long left = moment - now();
            return left <= 0
                    ? Flux.empty()
                    : happening(new From.At(place.get()))
                            .takeUntilOther(Mono.delay(Duration.ofNanos(left), timer));
        });
    }

    /** What follows a place and is kept at this moment, page by page. */
    private Flux<PluginEvent> kept(AtomicReference<Cursor> told) {
        EventLog log = plugins.eventLog();
        return Flux.defer(() -> {
            Cursor end = log.bounds().newest();
            var place = new AtomicReference<>(told.get());
            return Mono.defer(() -> log.read(place.get(), PAGE, EventFilter.ALL))
                    .map(page -> {
                        if (!page.from().equals(place.get())) {
                            throw lost(place.get(), page.from());
                        }
                        place.set(page.end());
                        return page;
                    })
                    .repeat(() -> place.get().epoch().equals(end.epoch()) && place.get().seq() < end.seq());
        }).concatMapIterable(EventPage::events, 1).map(LoggedEvent::event);
    }

    private Flux<PluginEvent> happening(From from) {
        return plugins.events(Subscription.from(from)).handle((signal, sink) -> tell(from, signal, sink));
    }

    private static void tell(From from, EventSignal signal, SynchronousSink<PluginEvent> sink) {
        switch (signal) {
            case EventSignal.Happened(PluginEvent event, long _) -> sink.next(event);
            // Docker's format has no word for it: the client sees that its stream is cut off.
            case EventSignal.Gap gap -> sink.error(lost(gap.from(), gap.to()));
            case EventSignal.Subscribed where when from instanceof From.At(Cursor place)
                    && !where.recovered() ->
                sink.error(lost(place, where.resumeFrom()));
            case EventSignal.Subscribed _,EventSignal.Passed _ -> {
            }
        }
    }

    private static JournalException lost(Cursor from, Cursor to) {
        return new JournalException("events from " + from + " to " + to + " are lost to a client");
    }
}
