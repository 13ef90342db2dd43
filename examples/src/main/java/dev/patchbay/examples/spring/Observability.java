package dev.patchbay.examples.spring;

import dev.patchbay.Plugins;
import dev.patchbay.metrics.micrometer.PatchbayMetrics;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** The engine in Actuator: {@code /actuator/health} and {@code /actuator/metrics/patchbay.plugins}. */
@Configuration(proxyBeanMethods = false)
class Observability {
    private static final Duration FRESHNESS = Duration.ofSeconds(2);

    /** Down until the first round is over. What is wrong with one plugin is told, and makes the application no less well. */
    @Bean
    ReactiveHealthIndicator patchbayHealthIndicator(Plugins plugins) {
        return () -> Mono.fromSupplier(plugins::health)
                .map(now -> (now.live() && now.ready() ? Health.up() : Health.down())
                        .withDetail("problems", now.problems())
                        .build());
    }

    /** All numbers of the engine. Closed before it, as it is made of it. */
    @Bean
    PatchbayMetrics patchbayMetrics(Plugins plugins) {
        return new PatchbayMetrics(plugins, FRESHNESS);
    }
}
