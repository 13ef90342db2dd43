package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class CommandLoadTest {
    private static final double PER_SECOND = 200;
    private static final Duration TIME = Duration.ofSeconds(2);
    private static final Duration STALL = Duration.ofMillis(600);

    /** Three of ten commands are due while the server stalls, though only as many are sent then as there are connections. */
    @Test
    void countsWhatWasDueWhileTheServerStalled() throws Exception {
        try (var server = StallingServer.start(Duration.ofMillis(700), STALL)) {
            Ages ages = load(server, Schedule.perSecond(PER_SECOND, System.nanoTime()));

            assertThat((double) ages.count()).isBetween(PER_SECOND * 1.5, PER_SECOND * 2.5);
            assertThat(ages.quantile(0.85)).isBetween(150.0, 700.0);
            assertThat(ages.quantile(0.5)).isLessThan(150);
        }
    }

    /** What a client sees that waits for each answer: the stall is one command in a thousand. */
    @Test
    void showsWithoutARateWhatTheAnswersAloneTook() throws Exception {
        try (var server = StallingServer.start(Duration.ofMillis(700), STALL)) {
            Ages ages = load(server, Schedule.asFastAsAnswered());

            assertThat(ages.quantile(0.85)).isLessThan(100);
            assertThat(ages.quantile(1)).isGreaterThan(400);
        }
    }

    /** Two hundred are due in the second in which nothing is answered, of which two connections can send two. */
    @Test
    void countsWhatWasDueAndNeverSentWithHowLongItHadWaited() throws Exception {
        try (var server = StallingServer.start(Duration.ZERO, Duration.ofMillis(2500))) {
            CommandLoad load = start(server, Schedule.perSecond(PER_SECOND, System.nanoTime()));
            await(Duration.ofSeconds(1));
            load.close();

            assertThat(load.done()).isBetween(1L, 3L);
            assertThat((double) load.unsent()).isBetween(PER_SECOND * 0.8, PER_SECOND * 1.5);
            assertThat(load.ages(CommandKind.LIST).count()).isEqualTo(load.done() + load.unsent());
            assertThat(load.ages(CommandKind.LIST).quantile(0.5)).isBetween(300.0, 900.0);
        }
    }

    @Test
    void countsWhatFailsAndGoesOnWithNewConnections() throws Exception {
        try (var server = StallingServer.refusing()) {
            CommandLoad load = start(server, Schedule.perSecond(PER_SECOND, System.nanoTime()));
            await(Duration.ofSeconds(1));
            load.close();

            assertThat(load.done()).isZero();
            assertThat(load.failed()).isGreaterThan(2);
            assertThat(load.failure()).hasValueSatisfying(why -> assertThat(why).contains("status 500"));
        }
    }

    private static Ages load(StallingServer server, Schedule schedule) throws IOException {
        CommandLoad load = start(server, schedule);
        await(TIME);
        load.close();
        assertThat(load.failed()).isZero();
        return load.ages(CommandKind.LIST);
    }

    private static CommandLoad start(StallingServer server, Schedule schedule) throws IOException {
        var none = LoadPlugins.make(server.endpoint(), 0, LoadPlugins.LEAST_EVENT_BYTES, 0, Optional.empty());
        return CommandLoad.start(server.endpoint(), none, List.of(CommandKind.LIST), 2, schedule);
    }

    private static void await(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
