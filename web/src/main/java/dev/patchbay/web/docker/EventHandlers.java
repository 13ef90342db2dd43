package dev.patchbay.web.docker;

import dev.patchbay.Plugins;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The route of events. There is no history behind it: what happened before the request is not shown. */
final class EventHandlers {
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
        EventFilter filter = new EventFilter(Filters.parse(exchange.query("filters")));
        EventFormat format = EventFormat.choose(exchange.header(HttpHeaderNames.ACCEPT));
        Flux<byte[]> lines = within(window, plugins.events()).filter(filter::test).map(format::line);
        return Mono.just(Reply.stream(format.contentType(), lines));
    }

    private Flux<PluginEvent> within(EventWindow window, Flux<PluginEvent> live) {
        if (window.until().isEmpty()) {
            return live;
        }
        Instant until = window.until().get();
        Duration left = Duration.between(clock.instant(), until);
        if (!left.isPositive()) {
            return Flux.empty();
        }
        return live.takeUntilOther(Mono.delay(left, timer)).filter(event -> !event.time().isAfter(until));
    }
}
