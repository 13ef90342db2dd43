package dev.patchbay.web.daemon;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.PluginCall;
import dev.patchbay.Plugins;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Subscription;
import dev.patchbay.plugin.InterfaceType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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

    MetricsCollectors(Plugins plugins) {
        this.plugins = plugins;
    }

    /** Tells each that begins to run, and each that runs already. Does not end before the engine. */
    Flux<Void> begun() {
        var filter = EventFilter.types(EventType.ENABLE, EventType.RECOVER);
        Flux<String> later = plugins.events(Subscription.NOW.only(filter))
                .ofType(EventSignal.Happened.class)
                .filter(signal -> signal.event().types().stream().anyMatch(MetricsCollectors::collects))
                .map(signal -> signal.event().name());
        Flux<String> now = plugins.byCapability(CAPABILITY).map(provider -> provider.name());
        return Flux.merge(later, now).flatMap(name -> tell(name, "StartMetrics"), SIDE_BY_SIDE);
    }

    private static boolean collects(InterfaceType type) {
        return type.capability().equalsIgnoreCase(CAPABILITY);
    }

    /** Tells all that run to stop, side by side; none is waited for longer than {@value #STOP_SECONDS} s. */
    Mono<Void> ending() {
        return plugins.byCapability(CAPABILITY)
                .flatMap(provider -> tell(provider.name(), "StopMetrics"), SIDE_BY_SIDE)
                .then()
                .timeout(Duration.ofSeconds(STOP_SECONDS), Mono.empty());
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
