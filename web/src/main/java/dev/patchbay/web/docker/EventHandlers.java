package dev.patchbay.web.docker;

import dev.patchbay.event.EventFilter;
import dev.patchbay.event.From;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Wish;
import dev.patchbay.web.stream.StreamedFeed;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The route of events, those that the journal keeps included. */
final class EventHandlers {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final EventHub hub;
    private final DockerConfig config;

    EventHandlers(EventHub hub, DockerConfig config) {
        this.hub = hub;
        this.config = config;
    }

    Mono<Reply> events(Exchange exchange) {
        EventWindow window = EventWindow.parse(exchange.query("since"), exchange.query("until"));
        var filter = new DockerFilter(Filters.parse(exchange.query("filters")));
        EventFormat format = EventFormat.choose(exchange.header(HttpHeaderNames.ACCEPT));
        var wish = new Wish(new Wish.Start.Events(begin(window)), EventFilter.ALL,
                new EventLines(format, filter, window.until()), Wish.UNLIMITED);
        var setup = new StreamedFeed.Setup(hub, wish,
                new StreamedFeed.Course.Silent(window.until().map(this::left)),
                config.slowTimeout(), config.timers(), exchange.caller().requestId());
        return Mono.just(Reply.live(format.contentType(),
                (connection, head) -> new StreamedFeed(setup, connection).run(head)));
    }

    /** Only what happens, without a window; else what happened as well (contract, section 1.11). */
    private static From begin(EventWindow window) {
        return window.since()
                .<From>map(From.Since::new)
                .orElseGet(() -> window.until().isPresent() ? new From.Oldest() : new From.Now());
    }

    private Duration left(Instant until) {
        Duration left = Duration.between(config.clock().instant(), until);
        return left.compareTo(LONGEST) > 0 ? LONGEST : left;
    }
}
