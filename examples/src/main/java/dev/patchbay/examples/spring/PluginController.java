package dev.patchbay.examples.spring;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.Plugins;
import dev.patchbay.Retryable;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.Subscription;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Calls plugins, and streams to browsers what happens to them. */
@RestController
final class PluginController {
    private final Plugins plugins;
    private final Sinks.Empty<Void> closing = Sinks.empty();

    PluginController(Plugins plugins) {
        this.plugins = plugins;
    }

    /** What the sample plugin is told, and says back. */
    record Words(String text) {}

    /** An event as the browser gets it; the request is the one that led to it, if one did. */
    record Told(String plugin, int generation, String request) {}

    @PostMapping("/plugins/{name}/enable")
    Mono<Void> enable(@PathVariable String name) {
        return plugins.enable(name, Duration.ofSeconds(30));
    }

    @PostMapping("/plugins/{name}/echo")
    Mono<Words> echo(@PathVariable String name, @RequestBody Words words) {
        return plugins.use(name, "dummy", "an echo", use -> use.client()
                .call(PluginCall.of("Sample.Echo", Words.class).body(words))).single();
    }

    /** For {@code new EventSource("/events")}, which names the last event it saw when it comes back: it misses none. */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Told>> events(@RequestHeader("Last-Event-ID") Optional<String> last) {
        var from = last.flatMap(Cursor::parse).map(Subscription::after).orElse(Subscription.NOW);
        return plugins.events(from).mapNotNull(signal -> switch (signal) {
            case EventSignal.Happened(var event, _) -> ServerSentEvent
                    .builder(new Told(event.name(), event.generation(), event.actor().requestId()))
                    .id(event.cursor().toString())
                    .event(event.type().wireName())
                    .build();
            case EventSignal.Gap gap -> ServerSentEvent.<Told>builder()
                    .event("gap")
                    .id(gap.to().toString())
                    .comment("events are lost: load the page again")
                    .build();
            // A first line at once, so that the browser knows that it is connected.
            case EventSignal.Subscribed begun -> ServerSentEvent.<Told>builder()
                    .id(begun.resumeFrom().toString())
                    .comment("from here on")
                    .build();
            case EventSignal.Passed _ -> null;
        }).takeUntilOther(closing.asMono());
    }

    /** A graceful shutdown waits for requests that are under way: streams would use up all its time. */
    @EventListener(ContextClosedEvent.class)
    void endStreams() {
        closing.tryEmitEmpty();
    }

    @ExceptionHandler
    ProblemDetail failed(PluginException failure) {
        HttpStatus status = failure instanceof PluginNotFoundException
                ? HttpStatus.NOT_FOUND
                : failure instanceof Retryable ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.BAD_GATEWAY;
        return ProblemDetail.forStatusAndDetail(status, String.valueOf(failure.getMessage()));
    }
}
