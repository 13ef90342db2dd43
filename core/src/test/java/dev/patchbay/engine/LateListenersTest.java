package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginPresence;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Listeners come while plugins do, on real threads. */
@Timeout(120)
class LateListenersTest {
    private static final int PLUGINS = 16;
    private static final int LISTENERS = 32;

    @Test
    @DisplayName("D76: who begins to listen while plugins are enabled hears of each of them once")
    void hearOfEachPluginOnceD76() throws IOException {
        List<String> names = IntStream.range(0, PLUGINS).mapToObj(i -> "p" + i + ":latest").toList();
        try (var world = new CallWorld()) {
            names.forEach(world::create);
            Mono<List<List<String>>> heard = Flux.range(0, LISTENERS)
                    .flatMap(_ -> Mono.defer(() -> names(world)).subscribeOn(Schedulers.parallel()),
                            LISTENERS)
                    .collectList();
            Mono<Void> enabled = Flux.fromIterable(names)
                    .flatMap(name -> world.plugins.enable(name, EngineWorld.TIMEOUT), 4)
                    .then();
            List<List<String>> all = Objects.requireNonNull(
                    heard.zipWith(enabled.thenReturn(true), (lists, _) -> lists).block(CallWorld.PATIENCE));
            assertThat(all).hasSize(LISTENERS)
                    .allSatisfy(one -> assertThat(one).containsExactlyInAnyOrderElementsOf(names));
        }
    }

    private static Mono<List<String>> names(CallWorld world) {
        return world.plugins.arrivals("volumedriver")
                .ofType(PluginPresence.Arrived.class)
                .map(arrived -> arrived.plugin().name())
                .take(PLUGINS)
                .collectList();
    }
}
