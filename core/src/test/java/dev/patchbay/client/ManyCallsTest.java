package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * After thousands of calls, of which many are cancelled, fail, or are cut off by the plugin's end, nothing is left of them: no
 * connection, no buffer.
 */
@Timeout(300)
class ManyCallsTest {
    /** A hundred thousand are not for each build. */
    private static final int CALLS = Integer.getInteger("patchbay.client.calls", 4000);
    private static final long SEED = Long.getLong("patchbay.client.seed", 42);
    private static final int AT_A_TIME = 48;
    private static final int CALLS_PER_START = 500;

    private LeakWatch leaks;

    /** An answer. */
    record Told(String text) {}

    @BeforeEach
    void watch() {
        leaks = LeakWatch.begin();
    }

    @AfterEach
    void stop() {
        leaks.close();
    }

    @Test
    void leaveNoConnectionAndNoBuffer() throws IOException, InterruptedException {
        var random = new Random(SEED);
        try (var world = new PluginWorld(new ClientOptions(Duration.ofMillis(100), 100_000,
                new CallLimits(16, 64, 32), PluginWorld.QUICK, PluginWorld.PATIENT))) {
            Deeds.script(world.plugin);
            var client = new AtomicReference<>(world.client);
            Flux.fromStream(IntStream.range(0, CALLS).boxed())
                    .flatMap(i -> {
                        if (i % CALLS_PER_START == CALLS_PER_START - 1) { // the plugin starts anew
                            return client.getAndSet(world.connect(world.plugin, i)).end();
                        }
                        return use(client.get(), random);
                    }, AT_A_TIME)
                    .blockLast(PluginWorld.PATIENCE.multipliedBy(10));
            assertThat(client.get().underWay()).isZero();
            client.get().end().block(PluginWorld.PATIENCE);
            assertThat(world.plugin.isDownTo(0)).as("%d connections are open", world.plugin.open()).isTrue();
        }
        assertThat(leaks.found()).isEmpty();
    }

    /** One call of some kind, perhaps cancelled after some time; ends empty. */
    private static Mono<Void> use(GenerationClient client, Random random) {
        PluginCall<Told> call = PluginCall.of(Deeds.any(random), Told.class);
        Mono<?> use = switch (random.nextInt(4)) {
            case 0 -> client.stream(call).take(40).then();
            case 1 -> client.call(call.asRepeatable());
            case 2 -> client.call(call.stream(Flux.range(0, 5).map(_ -> ByteBuffer.allocate(9000))));
            default -> client.call(call.body(List.of("x".repeat(random.nextInt(5000)))));
        };
        Duration patience = Deeds.patience(random);
        Mono<Void> whole = use.onErrorResume(PluginCallException.class, _ -> Mono.empty()).then();
        return random.nextInt(3) == 0 ? Deeds.cancelledAfter(patience, whole) : whole;
    }
}
