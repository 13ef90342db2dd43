package dev.patchbay.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginCallException.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class InFlightTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final CallClock clock = new CallClock(time);
    private final InFlight inFlight = new InFlight(clock);

    private Exchange enter(Duration timeout) {
        var asked = new Asked(new Call("p", "A.B"), new Asked.Body.Whole(new byte[0]), timeout);
        var exchange = new Exchange(asked, 1, clock, _ -> {});
        inFlight.enter(exchange);
        return exchange;
    }

    @Test
    void aTimerThatWasOvertakenSetsNoOther() {
        for (int i = 0; i < 100; i++) {
            List.of(enter(LONG), enter(SHORT)).forEach(inFlight::leave);
            time.advanceTimeBy(SHORT);
        }
        long before = time.getScheduledTaskCount();
        enter(LONG);
        time.advanceTimeBy(LONG);
        assertThat(time.getScheduledTaskCount() - before).isLessThan(3);
    }

    @Test
    void stopsWhatIsLateInWhateverOrderItCame() {
        var exchanges = new ArrayList<Exchange>();
        for (int seconds : new int[]{60, 5, 30, 5, 1, 90, 2}) {
            exchanges.add(enter(Duration.ofSeconds(seconds)));
        }
        for (int seconds : new int[]{1, 2, 5, 30, 60, 90}) {
            time.advanceTimeTo(Instant.ofEpochSecond(seconds));
            long late = exchanges.stream().filter(each -> each.deadlineNanos() == Long.MAX_VALUE).count();
            assertThat(late).as("after %d s", seconds).isEqualTo(switch (seconds) {
                case 1 -> 1L;
                case 2 -> 2L;
                case 5 -> 4L;
                case 30 -> 5L;
                case 60 -> 6L;
                default -> 7L;
            });
        }
    }
}
