package dev.patchbay.web.daemon;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.LegacyPlugin;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Status;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.stream.TimeLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Tells the plugins that collect metrics when to begin and when to stop, as Docker does: after each start of theirs, and when
 * the daemon stops. They read the metrics from a socket that they see as {@code /run/docker/metrics.sock}.
 */
final class MetricsCollectors {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsCollectors.class);

    private static final String CAPABILITY = "metricscollector";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int SIDE_BY_SIDE = 16;
    private static final int STOP_SECONDS = 2;

    /** What a collector answers. */
    record Answer(@JsonProperty("Err") @Nullable String error) {}

    private final Plugins plugins;
    private final Scheduler timers;

    /** The newest start of each that was told of. By one signal at a time. */
    private final Map<String, Integer> told = new ConcurrentHashMap<>();

    /** A start of a plugin. */
    private record Start(String key, int generation, String name) {}

    MetricsCollectors(Plugins plugins, Scheduler timers) {
        this.plugins = plugins;
        this.timers = timers;
    }

    /** Tells each that begins to run, and each that runs already. Does not end before the engine. */
    Flux<Void> begun() {
        var filter = EventFilter.types(EventType.ENABLE, EventType.RECOVER, EventType.RESTORED,
                EventType.REMOVE);
        return plugins.events(Subscription.NOW.only(filter))
                .concatMap(this::told)
                .filter(this::isNews)
                .flatMap(start -> tell(start.name(), "StartMetrics"), SIDE_BY_SIDE);
    }

    /** Who may have begun to run. What is lost to this view is looked up, as what happened before it. */
    private Flux<Start> told(EventSignal signal) {
        return switch (signal) {
            case EventSignal.Subscribed _,EventSignal.Gap _ -> running();
            // Who was taken over tells of nothing itself.
            case EventSignal.Happened(PluginEvent event, long _) when event.type() == EventType.RESTORED ->
                running();
            case EventSignal.Happened(PluginEvent event, long _) -> Flux.fromStream(starts(event));
            case EventSignal.Passed _ -> Flux.empty();
        };
    }

    private Stream<Start> starts(PluginEvent event) {
        if (event.type() == EventType.REMOVE) {
            event.plugin().ifPresent(plugin -> told.remove(plugin.hex()));
            return Stream.empty();
        }
        return event.types().stream().anyMatch(MetricsCollectors::collects)
                ? event.plugin()
                        .map(plugin -> new Start(plugin.hex(), event.generation(), event.name()))
                        .stream()
                : Stream.empty();
    }

    /** Those that are enabled and do not run yet are told when they do. */
    private Flux<Start> running() {
        return plugins.byCapability(CAPABILITY).flatMapIterable(provider -> switch (provider) {
            case PluginView view when view.status().state() == Status.State.RUNNING ->
                List.of(new Start(view.plugin().id().hex(), view.status().generation(), view.name()));
            case PluginView _ -> List.of();
            case LegacyPlugin legacy -> List.of(new Start("legacy " + legacy.name(), 0, legacy.name()));
        });
    }

    private boolean isNews(Start start) {
        Integer before = told.get(start.key());
        if (before != null && before >= start.generation()) {
            return false;
        }
        told.put(start.key(), start.generation());
        return true;
    }

    private static boolean collects(InterfaceType type) {
        return type.capability().equalsIgnoreCase(CAPABILITY);
    }

    /** Tells all that run to stop, side by side; none is waited for longer than {@value #STOP_SECONDS} s. */
    Mono<Void> ending() {
        Mono<Void> told = plugins.byCapability(CAPABILITY)
                .flatMap(provider -> tell(provider.name(), "StopMetrics"), SIDE_BY_SIDE)
                .then();
        return TimeLimit.on(told, Duration.ofSeconds(STOP_SECONDS), timers, Mono.empty());
    }

    private Mono<Void> tell(String name, String what) {
        return plugins.lookUp(name, CAPABILITY)
                .flatMap(use -> use.client()
                        .call(PluginCall.of("MetricsCollector." + what, Answer.class).timeout(LIMIT)))
                .doOnNext(answer -> {
                    if (answer.error() != null && !answer.error().isEmpty()) {
                        LOG.warn("plugin {} answered {} with: {}", name, what, answer.error());
                    }
                })
                .then()
                .onErrorResume(Exception.class, e -> {
                    LOG.warn("plugin {} was not told {}: {}", name, what, e.getMessage());
                    return Mono.empty();
                });
    }
}
