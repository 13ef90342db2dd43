package dev.patchbay.examples.spring;

import dev.patchbay.Plugins;
import dev.patchbay.Status.State;
import dev.patchbay.plugin.PluginFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** The engine in Actuator: {@code /actuator/health} and {@code /actuator/metrics/patchbay.plugins}. */
@Configuration(proxyBeanMethods = false)
class Observability {
    /** Down until the first round is over. What is wrong with one plugin is told, and makes the application no less well. */
    @Bean
    ReactiveHealthIndicator patchbayHealthIndicator(Plugins plugins) {
        return () -> Mono.fromSupplier(plugins::health)
                .map(now -> (now.live() && now.ready() ? Health.up() : Health.down())
                        .withDetail("problems", now.problems())
                        .build());
    }

    /** How many plugins are in each state. */
    @Bean
    MeterBinder pluginsByState(Plugins plugins) {
        return registry -> {
            for (State state : State.values()) {
                Gauge.builder("patchbay.plugins", () -> count(plugins, state))
                        .tag("state", state.label())
                        .register(registry);
            }
        };
    }

    // A list is read from a snapshot, on this thread: it is there when it has been subscribed to.
    private static long count(Plugins plugins, State state) {
        return plugins.list(PluginFilter.ALL)
                .filter(view -> view.status().state() == state)
                .count()
                .toFuture()
                .getNow(0L);
    }
}
