package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.Provider;
import dev.patchbay.Status;
import dev.patchbay.UnaskedPlugins;
import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Settings;
import dev.patchbay.use.Holders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Of which of their starts collecting plugins are told. */
class MetricsCollectorsTest {
    private static final PluginId ID = new PluginId("ab".repeat(32));
    private static final Cursor CURSOR = new Cursor("e", 1);

    private final Engine engine = new Engine();
    private final Disposable telling = new MetricsCollectors(engine, Schedulers.parallel()).begun()
            .subscribe();

    /** An engine whose plugins are looked up in order to be told, and answer nothing. */
    private static final class Engine extends UnaskedPlugins {
        private final Sinks.Many<EventSignal> signals = Sinks.many().multicast().directBestEffort();
        private final List<String> told = new ArrayList<>();
        private List<Provider> providers = List.of();

        @Override
        public Flux<EventSignal> events(Subscription subscription) {
            return signals.asFlux();
        }

        @Override
        public Flux<Provider> byCapability(String capability) {
            return Flux.fromIterable(providers);
        }

        @Override
        public Mono<PluginUse> lookUp(String nameOrId, String capability) {
            told.add(nameOrId);
            return Mono.empty();
        }
    }

    @BeforeEach
    void begin() {
        engine.providers = List.of(view(Status.State.RESTORING, 0));
        say(new EventSignal.Subscribed(EventSignal.Beginning.OK, CURSOR, CURSOR));
    }

    @AfterEach
    void close() {
        telling.dispose();
    }

    private void say(EventSignal signal) {
        engine.signals.tryEmitNext(signal).orThrow();
    }

    private static PluginEvent event(EventType type, int generation) {
        return new PluginEvent(CURSOR, Instant.EPOCH, type, Optional.of(ID), "collector:latest",
                List.of(InterfaceType.asked("metricscollector")), generation, Actor.ENGINE, Map.of());
    }

    private void happens(EventType type, int generation) {
        say(new EventSignal.Happened(event(type, generation), 0));
    }

    private static PluginView view(Status.State state, int generation) {
        PluginConfig config = PluginJson.config(
                "{\"Interface\":{\"Types\":[\"docker.metricscollector/1.0\"]}}"
                        .getBytes(StandardCharsets.UTF_8));
        var plugin = new InstalledPlugin(config, true, ID, PluginName.parse("collector"), "collector",
                Settings.initial(config));
        var status = new Status(state, Instant.EPOCH, generation, 0, Optional.empty(), List.of(),
                Optional.empty(), Optional.empty());
        return new PluginView(plugin, status, Optional.empty(), Holders.NONE, LimitOverrides.NONE,
                PluginLimits.NONE);
    }

    @Test
    void whoDoesNotRunYetIsToldWhenItDoes() {
        assertThat(engine.told).isEmpty();
        happens(EventType.RECOVER, 1);
        assertThat(engine.told).hasSize(1);
    }

    @Test
    void whoWasTakenOverIsToldOnceAllAreRestored() {
        engine.providers = List.of(view(Status.State.RUNNING, 4));
        happens(EventType.RESTORED, 0);
        assertThat(engine.told).hasSize(1);
        happens(EventType.RESTORED, 0);
        assertThat(engine.told).as("told already").hasSize(1);
    }

    @Test
    void eachStartIsToldOfOnceHoweverOftenItIsHeardOf() {
        engine.providers = List.of(view(Status.State.RUNNING, 1));
        say(new EventSignal.Gap(CURSOR, CURSOR, EventSignal.Loss.TRIMMED));
        assertThat(engine.told).as("lost, and looked up").hasSize(1);
        happens(EventType.ENABLE, 1);
        say(new EventSignal.Gap(CURSOR, CURSOR, EventSignal.Loss.TRIMMED));
        assertThat(engine.told).as("told already").hasSize(1);
        happens(EventType.RECOVER, 2);
        assertThat(engine.told).as("another start").hasSize(2);
    }
}
