package dev.patchbay.web.docker;

import dev.patchbay.Plugins;
import dev.patchbay.event.JournalException;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The route of events, those that the journal keeps included. */
final class EventHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(EventHandlers.class);

    private final EventHistory history;

    EventHandlers(Plugins plugins, Clock clock, Scheduler timer) {
        this.history = new EventHistory(plugins, clock, timer);
    }

    Mono<Reply> events(Exchange exchange) {
        EventWindow window = EventWindow.parse(exchange.query("since"), exchange.query("until"));
        var filter = new DockerFilter(Filters.parse(exchange.query("filters")));
        EventFormat format = EventFormat.choose(exchange.header(HttpHeaderNames.ACCEPT));
        Flux<byte[]> lines = history.within(window)
                .filter(filter::test)
                .map(format::line)
                .doOnError(JournalException.class,
                        e -> LOG.info("request {}: {}; it is cut off", exchange.caller().requestId(),
                                e.getMessage()));
        return Mono.just(Reply.stream(format.contentType(), lines));
    }
}
