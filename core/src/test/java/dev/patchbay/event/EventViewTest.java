package dev.patchbay.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

/** How a view ends when the engine closes. */
final class EventViewTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Scheduler views = Schedulers.newSingle("test-views");
    private final EventRecorder recorder = Objects.requireNonNull(EventRecorder
            .open(RingJournal.ofUsualSize(new Random(1)),
                    new RecorderSetup(
                            new RecorderSetup.Threads(Schedulers.immediate(), views, Schedulers.immediate()),
                            new Random(2), RecorderSetup.PATIENCE, RecorderSetup.PAUSE, 64))
            .block());

    @AfterEach
    void stop() {
        views.dispose();
    }

    private TestSubscriber<EventSignal> view(long demand) {
        TestSubscriber<EventSignal> subscriber = TestSubscriber.builder().initialRequest(demand).build();
        recorder.view(Subscription.NOW).subscribe(subscriber);
        return subscriber;
    }

    private void publish(int count) {
        for (int i = 1; i <= count; i++) {
            recorder.tell(List.of(JournalsOnDisk.happening(i)), _ -> {});
        }
    }

    /** Waits for what the views have to do. */
    private void settle() {
        Mono.fromRunnable(() -> {}).subscribeOn(views).block(PATIENCE);
    }

    private void close() {
        recorder.close().block(PATIENCE);
        settle();
    }

    @Test
    void completesIfNobodyAsksForWhatMayBeLeft() {
        TestSubscriber<EventSignal> view = view(1);
        settle();
        assertThat(view.getReceivedOnNext()).hasSize(1);

        close();

        view.block(PATIENCE);
        assertThat(view.isTerminatedComplete()).isTrue();
    }

    @Test
    void tellsWhatIsLeftAfterItsThreadIsGone() {
        TestSubscriber<EventSignal> view = view(1);
        settle();
        publish(100);
        close();
        views.dispose();

        view.request(Long.MAX_VALUE);

        assertThat(view.isTerminatedComplete()).isTrue();
        assertThat(view.getReceivedOnNext().stream().skip(1))
                .extracting(signal -> ((EventSignal.Happened) signal).event().seq())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void mayBeCancelledAfterItsThreadIsGone() {
        TestSubscriber<EventSignal> view = view(1);
        settle();
        publish(300);
        close();
        views.dispose();

        view.cancel();
        view.request(1);

        assertThat(view.isTerminated()).isFalse();
    }
}
