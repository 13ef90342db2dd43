package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginException;
import dev.patchbay.client.CallLimits;
import dev.patchbay.client.CallRetries;
import dev.patchbay.client.CircuitLimits;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.client.Deeds;
import dev.patchbay.client.LeakWatch;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.testing.DroppedSignals;
import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * After thousands of uses, of which many are cancelled, fail, or are cut off by crashes and forced disables, nothing is left of
 * them: nobody holds a plugin, no connection is open, no buffer was forgotten.
 */
@Timeout(1800)
class UseLeakTest {
    /** A hundred thousand are {@code make leak-test}. */
    private static final int USES = Integer.getInteger("patchbay.uses", 2000);
    private static final long SEED = Long.getLong("patchbay.uses.seed", 42);
    private static final int AT_A_TIME = 48;
    private static final int USES_PER_START = 100;
    private static final String CAPABILITY = "volumedriver";
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final ClientOptions OPTIONS = new ClientOptions(Duration.ofMillis(500), 100_000,
            new CallLimits(8, 32, 16),
            new CallRetries(Duration.ofMillis(300), Duration.ofMillis(5), Duration.ofMillis(50)),
            new CircuitLimits(60, 64, Duration.ofMillis(50)));

    private final Random random = new Random(SEED);
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /** An answer. */
    record Told(String text) {}

    /** The work of a use failed by itself. */
    private static final class WorkFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void usesLeaveNobodyNoConnectionAndNoBuffer() throws IOException, InterruptedException {
        try (var leaks = LeakWatch.begin()) {
            try (var world = new CallWorld(c -> c.client(OPTIONS))) {
                var plugins = new ArrayList<ScriptedPlugin>();
                NAMES.forEach(name -> plugins.add(Deeds.script(world.enabled(name))));
                Flux.range(1, USES)
                        .flatMap(i -> i % USES_PER_START == 0 ? restart(world, i) : use(world, i), AT_A_TIME)
                        .blockLast(Duration.ofMinutes(25));
                assertThat(answered).hasPositiveValue();
                assertThat(failed).hasPositiveValue();
                NAMES.forEach(name -> assertNobodyHolds(world, name));
                assertOpen(plugins, OPTIONS.limits().connections()); // those that wait for the next call
                world.plugins.close().block(CallWorld.PATIENCE);
                assertOpen(plugins, 0);
            }
            assertThat(leaks.found()).isEmpty();
            // Whoever leaves in the moment in which the answer begins; the client closes that connection.
            assertThat(DroppedSignals.expect()).extracting(Throwable::getMessage)
                    .allMatch("dropped a reactor.netty.http.client.HttpClientOperations"::equals);
        }
    }

    private static void assertOpen(List<ScriptedPlugin> plugins, int few) throws InterruptedException {
        for (ScriptedPlugin plugin : plugins) {
            assertThat(plugin.isDownTo(few)).as("%d connections are open", plugin.open()).isTrue();
        }
    }

    private static void assertNobodyHolds(CallWorld world, String name) {
        world.plugins.release(name, "nobody").block(CallWorld.PATIENCE); // behind all that was let go
        var view = Objects.requireNonNull(world.plugins.inspect(name).block(CallWorld.PATIENCE));
        assertThat(view.inUseBy()).isEqualTo(Holders.NONE);
    }

    /** One use of some kind, perhaps cancelled after some time; ends empty. */
    private Mono<Void> use(CallWorld world, int number) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        PluginCall<Told> call = PluginCall.of(Deeds.any(random), Told.class);
        boolean hasPatience = random.nextInt(3) > 0;
        Duration patience = Deeds.patience(random);
        Publisher<?> use = switch (random.nextInt(6)) {
            case 0 -> world.plugins.use(name, CAPABILITY, "stream", it -> it.client().stream(call).take(20));
            case 1 -> world.plugins.use(name, CAPABILITY, "failing",
                    it -> it.client().call(call).then(Mono.error(new WorkFailedException())));
            case 2 -> world.plugins.use(name, CAPABILITY, "sending", it -> it.client()
                    .call(call.stream(Flux.range(0, 5).map(_ -> ByteBuffer.allocate(9000)))));
            case 3 -> world.plugins.lookUp(name, CAPABILITY).flatMap(it -> it.client().call(call));
            case 4 -> world.plugins.use(name, CAPABILITY, "repeating",
                    it -> it.client().call(call.asRepeatable()));
            default -> {
                hasPatience = true; // who holds a plugin by a command of his own must let it go, too
                yield held(world, name, Holder.passing("h" + number, "held"), call);
            }
        };
        Mono<Void> whole = Flux.from(use)
                .doOnComplete(answered::incrementAndGet)
                .doOnError(_ -> failed.incrementAndGet())
                .onErrorComplete(e -> e instanceof PluginException || e instanceof WorkFailedException)
                .then();
        if (hasPatience) {
            return whole;
        }
        return random.nextInt(4) == 0
                ? Mono.fromRunnable(() -> cancelWhileSubscribing(whole))
                : Deeds.cancelledAfter(patience, whole);
    }

    private static void cancelWhileSubscribing(Mono<Void> use) {
        use.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });
    }

    private static Mono<Told> held(CallWorld world, String name, Holder holder, PluginCall<Told> call) {
        return Mono.usingWhen(world.plugins.acquire(name, CAPABILITY, holder),
                it -> it.client().call(call),
                _ -> world.plugins.release(name, holder.id()));
    }

    /** A crash, or a disable by force and an enable. */
    private static Mono<Void> restart(CallWorld world, int number) {
        int turn = number / USES_PER_START;
        String name = NAMES.get(turn % NAMES.size());
        Mono<Void> end = turn / NAMES.size() % 2 == 0
                ? Mono.fromRunnable(() -> world.executor.end(world.id(name), new ExitStatus.Exited(1)))
                : world.plugins.disable(name, Force.YES)
                        .onErrorComplete(PluginException.class)
                        .then(world.plugins.enable(name, EngineWorld.TIMEOUT))
                        .onErrorComplete(PluginException.class);
        return end.then(world.running(name, world.generation(name) + 1));
    }
}
