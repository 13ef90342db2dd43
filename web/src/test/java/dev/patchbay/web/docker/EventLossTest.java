package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.Happening;
import dev.patchbay.event.JournalException;
import dev.patchbay.event.JournalOver;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import dev.patchbay.web.FakePlugins;
import dev.patchbay.web.Loops;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Wish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What is a loss to Docker's clients, who can only be cut off, and what is none: over a journal that trims and fails. */
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD) // who never comes to rest heeds no interrupt
final class EventLossTest {
    private static final int KEPT = 100;
    private static final int NEAR = 16;
    private static final Instant NOW = FakePlugins.NOW;
    private static final From SINCE = new From.Since(NOW.minusSeconds(1));

    private final EmbeddedChannel loop = Loops.make();
    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    private final Shaky journal = new Shaky();
    private final EventRecorder recorder = Recorders.over(journal, timers, NEAR);
    private final EventHub hub = new EventHub(new FakePlugins(recorder));
    private int count;

    /** Fails, and is late, when the test says so. */
    private static final class Shaky implements JournalOver {
        private final RingJournal memory = new RingJournal(KEPT, 1 << 22, new Random(1));
        private final Deque<Runnable> held = new ArrayDeque<>();
        private boolean fails;
        private boolean holds;

        @Override
        public EventJournal journal() {
            return memory;
        }

        @Override
        public Mono<Opened> open() {
            return answer(memory.open());
        }

        @Override
        public Mono<Void> append(List<LoggedEvent> events) {
            return answer(memory.append(events));
        }

        @Override
        public Mono<EventPage> read(long after, int max, EventFilter filter) {
            return late(memory.read(after, max, filter));
        }

        @Override
        public Mono<Long> before(Instant time) {
            return late(memory.before(time));
        }

        private <T> Mono<T> late(Mono<T> value) {
            return holds
                    ? Mono.create(sink -> held.add(() -> answer(value).subscribe(sink::success, sink::error)))
                    : answer(value);
        }

        private <T> Mono<T> answer(Mono<T> value) {
            return Mono.defer(() -> fails ? Mono.error(new JournalException("it fails")) : value);
        }

        void answerAll() {
            holds = false;
            while (!held.isEmpty()) {
                held.removeFirst().run();
            }
        }
    }

    /** A client that takes so many messages, and then nothing until it is asked to go on. */
    private final class Client implements Outlet {
        private final List<Integer> numbers = new ArrayList<>();
        private int room;
        private String end = "none yet";
        private final Feed feed;

        Client(int room, From from) {
            this.room = room;
            var encoding = new EventLines(EventFormat.JSON, new DockerFilter(Filters.parse(Optional.empty())),
                    Optional.of(NOW));
            feed = hub.open(loop.eventLoop(), new Wish(new Wish.Start.Events(from), EventFilter.ALL, encoding,
                    Wish.UNLIMITED), this);
        }

        void goOn() {
            room = Integer.MAX_VALUE;
            feed.resume();
            Loops.run(loop);
        }

        @Override
        public boolean isWritable() {
            return room > 0;
        }

        @Override
        public void write(ByteBuf messages) {
            room--;
            messages.toString(StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Integer.valueOf(line.replaceFirst(".*\"n\":\"(\\d+)\".*", "$1")))
                    .forEach(numbers::add);
            messages.release();
        }

        @Override
        public void flush() {
            // it has all of it
        }

        @Override
        public ByteBufAllocator allocator() {
            return ByteBufAllocator.DEFAULT;
        }

        @Override
        public void ended() {
            end = "whole";
        }

        @Override
        public void unfinished() {
            end = "unfinished";
        }

        @Override
        public void lost(EventSignal.Gap gap) {
            end = "lost " + gap.from().seq() + " to " + gap.to().seq();
        }

        @Override
        public void failed(Throwable why) {
            throw new AssertionError(why);
        }
    }

    @AfterEach
    void close() {
        var _ = loop.close();
        timers.dispose();
    }

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            recorder.tell(
                    List.of(new Happening(NOW, EventType.CRASH, Optional.empty(), "a:latest", List.of(), 1,
                            Actor.ENGINE, Map.of("n", Integer.toString(++count)))),
                    _ -> {});
        }
        Loops.run(loop);
    }

    private static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aWindowEndsThoughTheJournalFailsWhileItsBeginningIsLookedUp() {
        publish(3);
        journal.holds = true;
        var client = new Client(Integer.MAX_VALUE, SINCE);
        client.feed.finish();
        journal.fails = true;
        publish(2);
        journal.answerAll();
        Loops.run(loop);

        assertThat(client.numbers).containsExactly(4, 5);
        assertThat(client.end).isEqualTo("whole");
    }

    @Test
    void whoAsksForAllThatIsKeptGetsWhatIsKeptWhenItIsRead() {
        publish(KEPT);
        journal.holds = true;
        var client = new Client(Integer.MAX_VALUE, new From.Oldest());
        publish(10);
        journal.answerAll();
        Loops.run(loop);

        assertThat(client.end).isEqualTo("none yet");
        assertThat(client.numbers).isEqualTo(range(11, KEPT + 10));
    }

    @Test
    void soDoesWhoAsksForMoreThanIsKept() {
        publish(2 * KEPT);
        var client = new Client(0, SINCE);
        publish(10);
        client.feed.finish();
        publish(10);
        client.goOn();

        assertThat(client.numbers).isEqualTo(range(KEPT + 21, 2 * KEPT + 20));
        assertThat(client.end).isEqualTo("whole");
    }

    @Test
    void whatHappenedAfterItAskedIsLostEvenIfItHasComeToNothingYet() {
        publish(KEPT);
        var client = new Client(0, SINCE);
        publish(2 * KEPT);
        client.goOn();

        assertThat(client.end).isEqualTo("lost 0 to " + 2 * KEPT);
    }

    @Test
    void whoHasBegunLosesWhatIsTrimmedBeforeItHasRead() {
        publish(KEPT);
        var client = new Client(1, SINCE);
        publish(90);
        client.goOn();

        assertThat(client.numbers).startsWith(1);
        assertThat(client.end).startsWith("lost " + client.numbers.getLast() + " to ");
    }

    @Test
    void aNewEpochIsNoLossToWhoWasToldAllOfTheOneBefore() {
        var client = new Client(Integer.MAX_VALUE, new From.Now());
        publish(3);
        journal.fails = true;
        publish(2);
        journal.fails = false;
        timers.advanceTimeBy(Duration.ofSeconds(61));
        publish(2);

        assertThat(client.end).isEqualTo("none yet");
        assertThat(client.numbers).isEqualTo(range(1, 7));
    }

    @Test
    void aNewEpochIsALossToWhoIsBehindInTheOneBefore() {
        var client = new Client(1, new From.Now());
        publish(1);
        publish(2 * NEAR);
        journal.fails = true;
        publish(2);
        client.goOn();

        assertThat(client.numbers).containsExactly(1);
        assertThat(client.end).isEqualTo("lost 1 to 0");
    }

    @Test
    void theEndOfTheEngineIsTheEndForWhoWasToldEverythingAndForNobodyElse() {
        var client = new Client(Integer.MAX_VALUE, new From.Now());
        var behind = new Client(1, new From.Now());
        publish(1);
        publish(1);
        recorder.close().subscribe();
        Loops.run(loop);

        assertThat(client.end).isEqualTo("whole");
        assertThat(behind.end).isEqualTo("unfinished");
        assertThat(hub.feeds()).isOne(); // which its connection closes
    }
}
