package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Happening;
import dev.patchbay.event.JournalException;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import dev.patchbay.web.FakePlugins;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** Events of some time for clients that read slowly. */
final class EventHistoryTest {
    private static final int KEPT = 3000;
    private static final Instant NOW = FakePlugins.NOW;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final EventRecorder recorder = Recorders.immediate(new RingJournal(KEPT, 1 << 24, new Random(1)));
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final EventHistory history = new EventHistory(new FakePlugins(recorder),
            Clock.fixed(NOW, ZoneOffset.UTC), timer);

    @AfterEach
    void stop() {
        timer.dispose();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            recorder.tell(
                    List.of(new Happening(NOW, EventType.CRASH, Optional.empty(), "a:latest", List.of(), 1,
                            Actor.ENGINE, Map.of())),
                    _ -> {});
        }
    }

    private static EventWindow window(Optional<Instant> until) {
        return new EventWindow(Optional.of(NOW.minusSeconds(1)), until);
    }

    private static TestSubscriber<PluginEvent> slow(Flux<PluginEvent> events) {
        TestSubscriber<PluginEvent> client = TestSubscriber.builder().initialRequest(1).build();
        events.subscribe(client);
        return client;
    }

    private static void assertToldAll(TestSubscriber<PluginEvent> client, int count) {
        assertThat(client.getReceivedOnNext()).extracting(PluginEvent::seq)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, count).boxed().toList());
        assertThat(client.isTerminatedComplete()).isTrue();
    }

    @Test
    void theEndOfTheWindowDoesNotCutWhatWasBeforeIt() {
        publish(600);
        TestSubscriber<PluginEvent> client = slow(history.within(window(Optional.of(NOW.plus(SOON)))));
        publish(100); // while it reads what is older
        timer.advanceTimeBy(SOON.multipliedBy(2));

        client.request(Long.MAX_VALUE);

        assertToldAll(client, 700);
    }

    @Test
    void theEndOfTheWindowDoesNotCutWhatHappenedWhileItWasOpen() {
        publish(1);
        TestSubscriber<PluginEvent> client = slow(history.within(window(Optional.of(NOW.plus(SOON)))));
        client.request(1);
        publish(600);
        assertThat(client.getReceivedOnNext()).hasSize(2);
        timer.advanceTimeBy(SOON.multipliedBy(2));

        client.request(Long.MAX_VALUE);

        assertToldAll(client, 601);
    }

    @Test
    void endsWithTheWindowIfNothingHappens() {
        publish(3);
        TestSubscriber<PluginEvent> client = slow(history.within(window(Optional.of(NOW.plus(SOON)))));
        client.request(Long.MAX_VALUE);
        assertThat(client.isTerminated()).isFalse();

        timer.advanceTimeBy(SOON);

        assertToldAll(client, 3);
    }

    @Test
    void failsWhenWhatHappensIsLostToAClient() {
        publish(1);
        TestSubscriber<PluginEvent> client = slow(history.within(window(Optional.empty())));
        publish(2 * KEPT);

        client.request(Long.MAX_VALUE);

        assertThat(client.expectTerminalError()).isInstanceOf(JournalException.class);
    }

    @Test
    void failsWhenWhatIsKeptIsLostToAClient() {
        publish(KEPT);
        TestSubscriber<PluginEvent> client = slow(history.within(window(Optional.of(NOW))));
        publish(KEPT);

        client.request(Long.MAX_VALUE);

        assertThat(client.expectTerminalError()).isInstanceOf(JournalException.class);
    }
}
