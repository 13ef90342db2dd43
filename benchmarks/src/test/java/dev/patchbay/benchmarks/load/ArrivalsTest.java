package dev.patchbay.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Target;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Arrivals arrivals = new Arrivals(
            new LoadPlan(LoadFormat.WEB_SOCKET, new Target.Tcp("127.0.0.1", 1), "/events?type=set", 3,
                    LoadPlan.Detail.AGE, new Mix(1, 1), Access.OPEN),
            new PrintStream(said, true, StandardCharsets.UTF_8));
    private final Subscriber slow = arrivals.subscribers().get(0);
    private final Subscriber resuming = arrivals.subscribers().get(1);
    private final Subscriber steady = arrivals.subscribers().get(2);

    @Test
    void givesEachSubscriberItsHabit() {
        assertThat(arrivals.subscribers()).extracting(Subscriber::habit)
                .containsExactly(Subscriber.Habit.SLOW, Subscriber.Habit.RESUMING, Subscriber.Habit.STEADY);
    }

    @Test
    void misfitsAreLostUnlessTheSubscriberIsSlow() {
        arrivals.misfit(steady);
        arrivals.gap(resuming);
        arrivals.gone(steady);
        arrivals.misfit(slow);
        arrivals.gap(slow);
        arrivals.gone(slow);

        LoadResult result = arrivals.result();

        assertThat(result.lost()).isEqualTo(2);
        assertThat(result.gone()).isEqualTo(1);
        assertThat(result.slow()).isEqualTo(new LoadResult.Slow(0, 1, 1));
    }

    @Test
    void whoHasNotGotTheNewestIsBehindUnlessSlow() {
        came(steady, 1, 0);
        came(resuming, 1, 0);
        came(steady, 2, 1);

        assertThat(arrivals.result().behind()).isEqualTo(1);

        came(resuming, 2, 1);

        assertThat(arrivals.result().behind()).isZero();
    }

    @Test
    void deliveriesToTheSlowAreCountedApart() {
        came(steady, 1, 0);
        came(slow, 1, 0);
        came(slow, 2, 1);

        assertThat(arrivals.result().deliveries()).isEqualTo(1);
        assertThat(arrivals.result().bytes()).isEqualTo(300);
        assertThat(arrivals.result().slow().deliveries()).isEqualTo(2);
    }

    @Test
    void resultsAreReadBackFromTheirLine() {
        came(steady, 1, 0);
        arrivals.resumed();
        arrivals.aged(5_000_000 - 1);
        LoadResult result = arrivals.result();

        LoadResult read = LoadResult.parse(result.line());

        assertThat(read.line()).isEqualTo(result.line());
        assertThat(read.resumed()).isEqualTo(1);
        assertThat(read.ages().count()).isEqualTo(1);
    }

    private void came(Subscriber subscriber, long seq, long prev) {
        assertThat(subscriber.came(seq, prev)).isTrue();
        arrivals.came(subscriber, 300);
    }
}
