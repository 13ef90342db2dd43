package dev.patchbay.web.docker;

import dev.patchbay.Plugins;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.From;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The route of events, those that the journal keeps included. */
final class EventHandlers {
    /** Events of the journal that are looked at at a time. */
    private static final int PAGE = 512;

    private final Plugins plugins;
    private final Clock clock;
    private final Scheduler timer;

    EventHandlers(Plugins plugins, Clock clock, Scheduler timer) {
        this.plugins = plugins;
        this.clock = clock;
        this.timer = timer;
    }

    Mono<Reply> events(Exchange exchange) {
        EventWindow window = EventWindow.parse(exchange.query("since"), exchange.query("until"));
        var filter = new DockerFilter(Filters.parse(exchange.query("filters")));
        EventFormat format = EventFormat.choose(exchange.header(HttpHeaderNames.ACCEPT));
        Flux<byte[]> lines = within(window).filter(filter::test).map(format::line);
        return Mono.just(Reply.stream(format.contentType(), lines));
    }

    /** As Docker has it: without a window only what happens, else what happened as well (contract, section 1.11). */
    private Flux<PluginEvent> within(EventWindow window) {
        if (window.until().isEmpty()) {
            return since(window.since());
        }
        Instant until = window.until().get();
        Duration left = Duration.between(clock.instant(), until);
        Flux<PluginEvent> events = left.isPositive()
                ? since(Optional.of(window.since().orElse(Instant.EPOCH)))
                        .takeUntilOther(Mono.delay(left, timer))
                : past(window.since());
        return events.filter(event -> !event.time().isAfter(until));
    }

    private Flux<PluginEvent> since(Optional<Instant> since) {
        return since.map(time -> plugins.events(Subscription.from(new From.Since(time)))
                .ofType(EventSignal.Happened.class)
                .map(EventSignal.Happened::event)).orElseGet(plugins::events);
    }

    /** What is kept at this moment, page by page. */
    private Flux<PluginEvent> past(Optional<Instant> since) {
        EventLog log = plugins.eventLog();
        return Flux.defer(() -> {
            Cursor end = log.bounds().newest();
            return since.map(log::before)
                    .orElseGet(() -> Mono.just(log.bounds().beforeOldest()))
                    .flatMapMany(begin -> pages(log, begin, end))
                    .concatMapIterable(EventPage::events, 1)
                    .map(LoggedEvent::event);
        });
    }

    private static Flux<EventPage> pages(EventLog log, Cursor begin, Cursor end) {
        var place = new AtomicReference<>(begin);
        return Mono.defer(() -> log.read(place.get(), PAGE, EventFilter.ALL))
                .map(page -> {
                    place.set(page.end());
                    return page;
                })
                .repeat(() -> place.get().epoch().equals(end.epoch()) && place.get().seq() < end.seq());
    }
}
