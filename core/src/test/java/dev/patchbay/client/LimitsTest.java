package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.Retryable;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plugin that hangs costs its callers little, and when it ends they hear of it. */
@Timeout(60)
class LimitsTest {
    private static final PluginCall<Void> HANG = PluginCall.of("Sample.Hang");
    private static final PluginCall<Void> WORK = PluginCall.of("Sample.Work");

    private static List<CompletableFuture<Void>> begin(GenerationClient client, PluginCall<Void> call,
            int count) {
        var begun = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < count; i++) {
            begun.add(client.call(call).toFuture());
        }
        return begun;
    }

    @Test
    void refusesCallsBeyondThoseThatMayWait() throws IOException, InterruptedException {
        try (var world = new PluginWorld(new CallLimits(2, 3, 1), PluginWorld.PATIENT)) {
            world.plugin.on("Sample.Hang", Behaviour.hang());
            var begun = begin(world.client, HANG, 5);
            var refused = catchThrowableOfType(PluginCallException.TooMany.class, () -> world.ask(HANG));
            assertThat(refused).isInstanceOf(Retryable.class)
                    .hasMessage(
                            "plugin p is not asked for Sample.Hang: there are 5 calls under way or waiting "
                                    + "already; try again in a moment");
            assertThat(refused.limit()).isEqualTo(5);
            begun.forEach(call -> assertThat(call).isNotDone());
            assertThat(world.plugin.accepted()).isLessThanOrEqualTo(2);

            world.plugin.on("Sample.Work", Behaviour.json("{}"));
            begun.forEach(call -> call.cancel(true));
            assertThat(world.client.call(WORK).blockOptional(PluginWorld.PATIENCE)).isEmpty();
            assertThat(world.client.underWay()).isZero();
        }
    }

    @Test
    void aCallThatWaitsForAConnectionTimesOutAsAnyOther() throws IOException {
        try (var world = new PluginWorld(new CallLimits(1, 3, 1), PluginWorld.PATIENT)) {
            world.plugin.on("Sample.Hang", Behaviour.hang());
            var first = world.client.call(HANG).toFuture();
            assertThatThrownBy(() -> world.client.call(HANG.timeout(PluginWorld.SOON)).block())
                    .isInstanceOf(PluginCallException.TimedOut.class)
                    .hasMessage("plugin p did not answer Sample.Hang within 150 ms");
            assertThat(first).isNotDone();
            first.cancel(true);
        }
    }

    @Test
    void aTurnThatComesToACallWhichIsOverGoesToTheNext() throws IOException, InterruptedException {
        try (var world = new PluginWorld(new CallLimits(1, 3, 1), PluginWorld.PATIENT)) {
            world.plugin.on("Sample.Hang", Behaviour.hang()).on("Sample.Work", Behaviour.json("{}"));
            var first = world.client.call(HANG).subscribe();
            while (world.plugin.received().isEmpty()) {
                Thread.onSpinWait();
            }
            // The connection becomes free while the call that waits for it is being told that it is too late.
            var late = world.client.call(WORK.timeout(PluginWorld.SOON)).doOnError(_ -> first.dispose());
            assertThatThrownBy(late::block).isInstanceOf(PluginCallException.TimedOut.class);
            assertThat(world.client.call(WORK).blockOptional(PluginWorld.PATIENCE)).isEmpty();
        }
    }

    @Test
    void leavesAPluginAloneThatHangsAndComesBack() throws IOException {
        var circuit = new CircuitLimits(3, 4, Duration.ofSeconds(2));
        try (var world = new PluginWorld(CallLimits.DEFAULT, circuit)) {
            world.plugin.on("Sample.Hang", Behaviour.hang()).on("Sample.Work", Behaviour.json("{}"));
            for (int i = 0; i < 3; i++) {
                assertThat(catchThrowable(() -> world.client.call(HANG.timeout(PluginWorld.SOON)).block()))
                        .isInstanceOf(PluginCallException.TimedOut.class);
            }
            var open = catchThrowableOfType(PluginCallException.CircuitOpen.class,
                    () -> world.client.call(WORK).block());
            assertThat(open).isInstanceOf(Retryable.class).hasMessageContaining("tried again in 1 s");
            assertThat(open).hasCauseInstanceOf(PluginCallException.TimedOut.class);
            assertThat(open.pause()).isBetween(Duration.ZERO, circuit.pause());
            assertThat(world.plugin.received("Sample.Work")).isEmpty();
            while (catchThrowable(
                    () -> world.client.call(WORK).block()) instanceof PluginCallException.CircuitOpen) {
                Thread.onSpinWait();
            }
            assertThat(world.plugin.received("Sample.Work")).hasSize(1);
            world.client.call(WORK).block();
        }
    }

    @Test
    void refusalsAndCancelsOpenNoCircuit() throws IOException, InterruptedException {
        try (var world = new PluginWorld(CallLimits.DEFAULT,
                new CircuitLimits(2, 2, Duration.ofMinutes(1)))) {
            world.plugin.on("Sample.Hang", Behaviour.hang())
                    .on("Sample.Work", Behaviour.status(500, "no"), Behaviour.json("["),
                            Behaviour.json("{\"Err\":\"no\"}"), Behaviour.json("{}"));
            for (int i = 0; i < 3; i++) {
                assertThat(catchThrowable(() -> world.client.call(WORK).block()))
                        .isNotInstanceOf(PluginCallException.CircuitOpen.class);
                world.client.call(HANG).toFuture().cancel(true);
            }
            world.client.call(WORK).block();
        }
    }

    @Test
    void callersThatGiveUpAfterAWhileOpenTheCircuit() throws IOException, InterruptedException {
        var circuit = new CircuitLimits(2, 4, Duration.ofMinutes(1), Duration.ZERO);
        try (var world = new PluginWorld(CallLimits.DEFAULT, circuit)) {
            var asked = new Semaphore(0);
            world.plugin.on("Sample.Hang", (_, peer) -> {
                asked.release();
                peer.awaitEnd();
            });
            var call = world.client.call(HANG).toFuture();
            asked.acquire();
            call.cancel(true);
            var stream = world.client.stream(HANG).subscribe();
            asked.acquire();
            stream.dispose();
            assertThatThrownBy(() -> world.client.call(WORK).block())
                    .isInstanceOf(PluginCallException.CircuitOpen.class);
        }
    }

    @Test
    void keepsNoIdleConnectionForLong() throws IOException, InterruptedException {
        try (var world = new PluginWorld(new CallLimits(2, 2, 1, Duration.ofMillis(20)),
                PluginWorld.PATIENT)) {
            world.plugin.on("Sample.Work", Behaviour.json("{}"));
            world.client.call(WORK).block();
            assertThat(world.plugin.isDownTo(0)).isTrue();
        }
        assertThatThrownBy(() -> new CallLimits(2, 2, 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CallLimits(2, 2, 1, ChronoUnit.FOREVER.getDuration()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesTimesThatNobodyLivesToSeeEnd() throws IOException {
        Duration ever = ChronoUnit.FOREVER.getDuration();
        try (var world = new PluginWorld(new ClientOptions(ever, 1 << 20, CallLimits.DEFAULT,
                new CallRetries(ever, Duration.ofMillis(1), ever), new CircuitLimits(1, 1, ever, ever)))) {
            world.plugin.on("Sample.Work", Behaviour.close(), Behaviour.json("{}"));
            world.client.call(WORK.asRepeatable().timeout(ever)).onErrorComplete().block();
            assertThatThrownBy(() -> world.client.call(WORK).block())
                    .isInstanceOf(PluginCallException.CircuitOpen.class);
        }
    }

    @Test
    void cancellingClosesTheConnection() throws IOException, InterruptedException {
        try (var world = new PluginWorld()) {
            var asked = new CountDownLatch(1);
            world.plugin.on("Sample.Hang", (_, peer) -> {
                asked.countDown();
                peer.awaitEnd();
            });
            var call = world.client.call(HANG).toFuture();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(world.plugin.open()).isEqualTo(1);
            call.cancel(true);
            assertThat(world.plugin.isDownTo(0)).isTrue();
            assertThat(world.client.underWay()).isZero();
        }
    }

    @Test
    void whatIsUnderWayWhenThePluginEndsFailsAtOnce() throws IOException, InterruptedException {
        try (var world = new PluginWorld(new CallLimits(1, 3, 1), PluginWorld.PATIENT)) {
            var asked = new CountDownLatch(1);
            world.plugin.on("Sample.Work", Behaviour.json("{}")).on("Sample.Hang", (_, peer) -> {
                asked.countDown();
                peer.awaitEnd();
            });
            world.client.call(WORK).block();
            var call = world.client.call(HANG).toFuture();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            var waiting = world.client.call(WORK).toFuture();
            world.client.end().block(PluginWorld.PATIENCE);
            assertThat(call).isCompletedExceptionally();
            assertThat(call.exceptionNow()).isInstanceOf(PluginCallException.Broken.class)
                    .isNotInstanceOf(Retryable.class)
                    .hasMessage("plugin p ended during Sample.Hang");
            assertThat(waiting.exceptionNow()).isInstanceOf(PluginCallException.Ended.class)
                    .isInstanceOf(Retryable.class);
            assertThatThrownBy(() -> world.client.call(WORK).block())
                    .isInstanceOf(PluginCallException.Ended.class)
                    .hasMessage("plugin p cannot be asked for Sample.Work: its start number 1 is over");
            assertThat(world.plugin.isDownTo(0)).as("idle connections are closed too").isTrue();
        }
    }

    @Test
    void aCallThatWaitsToBeMadeAgainFailsAtOnceToo() throws IOException, InterruptedException {
        var never = new CallRetries(Duration.ofDays(9), Duration.ofDays(1), Duration.ofDays(1));
        try (var world = new PluginWorld(
                new ClientOptions(Duration.ofSeconds(10), 1 << 20, CallLimits.DEFAULT,
                        never, PluginWorld.PATIENT))) {
            world.plugin.on("Sample.Work", Behaviour.close());
            var call = world.client.call(WORK.asRepeatable()).toFuture();
            while (world.plugin.received().isEmpty() || world.client.underWay() > 0) {
                Thread.onSpinWait();
            }
            world.client.end().block(PluginWorld.PATIENCE);
            assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(PluginCallException.Ended.class);
        }
    }

    @Test
    void closingEndsAllClients() throws IOException, InterruptedException {
        try (var world = new PluginWorld()) {
            world.plugin.on("Sample.Hang", Behaviour.hang());
            var calls = begin(world.client, HANG, 3);
            calls.addAll(begin(world.connect(world.plugin, 2), HANG, 3));
            world.closeClients();
            assertThat(calls).allSatisfy(call -> assertThat(call.exceptionNow())
                    .isInstanceOf(PluginCallException.class));
            assertThat(world.plugin.isDownTo(0)).isTrue();
        }
    }
}
