package dev.patchbay.web.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.Happening;
import dev.patchbay.event.JournalOver;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Feed;
import dev.patchbay.web.feed.Outlet;
import dev.patchbay.web.feed.Said;
import dev.patchbay.web.feed.Wish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Single feeds, and what they share. */
final class FeedTest {
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final Rotten journal = new Rotten(new RingJournal(10_000, 1 << 24, new Random(1)));
    private final EventRecorder recorder = Recorders.over(journal, timers, 1);
    private final EventHub hub = new EventHub(new ScriptedPlugins(recorder));

    /** A journal one of whose rows is no event any more, and that answers when the test says so. */
    private static final class Rotten implements JournalOver {
        private final RingJournal memory;
        private final Deque<Runnable> held = new ArrayDeque<>();
        private long bad = -1;
        private boolean holds;

        Rotten(RingJournal memory) {
            this.memory = memory;
        }

        @Override
        public EventJournal journal() {
            return memory;
        }

        @Override
        public Mono<EventPage> read(long after, int max, EventFilter filter) {
            Mono<EventPage> page = memory.read(after, max, filter)
                    .map(found -> new EventPage(found.from(), found.reason(), found.through(),
                            found.events().stream().map(this::rotten).toList(), found.head()));
            return holds
                    ? Mono.create(sink -> held.add(() -> page.subscribe(sink::success, sink::error)))
                    : page;
        }

        private LoggedEvent rotten(LoggedEvent event) {
            return event.seq() == bad
                    ? LoggedEvent.of(event.cursor(), "no event".getBytes(StandardCharsets.UTF_8))
                    : event;
        }
    }

    /** Takes everything, and keeps it as text. */
    private final class Taker implements Outlet {
        private final StringBuilder said = new StringBuilder();
        private final List<Throwable> bugs = new ArrayList<>();
        private boolean ended;
        private int buffersMade;
        private Runnable whenFlushed = () -> {};

        Feed open(Encoding encoding, EventFilter filter, From from) {
            return open(encoding, filter, from, Wish.UNLIMITED);
        }

        Feed open(Encoding encoding, EventFilter filter, From from, long credit) {
            return hub.open(loop.eventLoop(), new Wish(new Wish.Start.Events(from), filter, encoding, credit),
                    this);
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(ByteBuf messages) {
            said.append(messages.toString(StandardCharsets.UTF_8));
            messages.release();
        }

        @Override
        public void flush() {
            whenFlushed.run(); // it has all of it
        }

        @Override
        public ByteBufAllocator allocator() {
            buffersMade++;
            return buffers;
        }

        @Override
        public void lost(EventSignal.Gap gap) {
            throw new AssertionError("there is a word for it: " + gap);
        }

        @Override
        public void unfinished() {
            throw new AssertionError("the engine is not closed");
        }

        @Override
        public void ended() {
            ended = true;
        }

        @Override
        public void failed(Throwable bug) {
            bugs.add(bug);
        }
    }

    /** Writes numbers, and counts how often; fails at one of them. */
    private static final class Numbers implements Encoding {
        private final List<Long> written = new ArrayList<>();
        private final long failing;

        Numbers(long failing) {
            this.failing = failing;
        }

        @Override
        public void write(ByteBuf out, Said said) {
            if (said instanceof Said.Passed(Cursor upTo)) {
                out.writeCharSequence("(" + upTo.seq() + ") ", StandardCharsets.UTF_8);
            } else if (said instanceof Said.Lost(EventSignal.Gap(Cursor from, Cursor to, var _))) {
                out.writeCharSequence("!" + from.seq() + "-" + to.seq() + " ", StandardCharsets.UTF_8);
            } else if (said instanceof Said.Happened(LoggedEvent event, long _)) {
                out.writeCharSequence(event.seq() + " ", StandardCharsets.UTF_8);
                written.add(event.seq());
                if (event.seq() == failing) {
                    throw new OutOfMemoryError("no buffer");
                }
            }
        }
    }

    @AfterEach
    void noBufferIsLeft() {
        loop.runPendingTasks();
        var _ = loop.close();
        timers.dispose();
        assertThat(buffers.metric().usedDirectMemory()).isZero();
    }

    private void publish(int count, EventType type) {
        for (int i = 0; i < count; i++) {
            recorder.tell(List.of(new Happening(Samples.NOON, type, Optional.of(Samples.ID), "sample:latest",
                    List.of(), 1, Actor.ENGINE, Map.of())), _ -> {});
        }
    }

    @Test
    void leavesAnEpochInWhichThereIsWhatIsNoEvent() {
        publish(10, EventType.CRASH);
        journal.bad = 5;
        var taker = new Taker();
        Feed feed = taker.open(new Lines(new CloudEvents("urn:x")), EventFilter.ALL, new From.Oldest());
        loop.runPendingTasks();
        String epoch = recorder.log().bounds().epoch();
        publish(1, EventType.CRASH);
        loop.runPendingTasks();

        assertThat(taker.bugs).isEmpty();
        assertThat(taker.ended).isFalse();
        assertThat(taker.said.toString().lines()).hasSize(6)
                .last()
                .asString()
                .contains("\"id\":\"" + epoch + ":1\"");
        assertThat(taker.said).contains(":4\"", "\"reason\":\"journal_failed\"").doesNotContain(":6\"");
        feed.close();
    }

    @Test
    void endsAFeedWhoseBytesCannotBeWritten() {
        publish(10, EventType.CRASH);
        var taker = new Taker();
        taker.open(new Numbers(5), EventFilter.ALL, new From.Oldest());
        loop.runPendingTasks();

        assertThat(taker.bugs).singleElement().isInstanceOf(OutOfMemoryError.class);
        assertThat(hub.feeds()).isZero();
    }

    @Test
    void endsTheFeedsOfAnEventWhoseBytesCannotBeWrittenAndNoOthers() {
        var taker = new Taker();
        var other = new Taker();
        taker.open(new Numbers(5), EventFilter.ALL, new From.Now());
        other.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Now());
        publish(10, EventType.CRASH);
        loop.runPendingTasks();

        assertThat(taker.bugs).hasSize(1);
        assertThat(other.said).hasToString("1 2 3 4 5 6 7 8 9 10 ");
        assertThat(hub.feeds()).isOne();
        var next = new Taker();
        next.open(new Numbers(-1), EventFilter.ALL, new From.Now());
        publish(1, EventType.CRASH);
        loop.runPendingTasks();
        assertThat(next.said).hasToString("11 ");
    }

    @Test
    void hasFewPagesAtATimeHoweverManyFeedsAreBehind() {
        publish(2000, EventType.CRASH);
        journal.holds = true;
        List<Taker> takers = Stream.generate(Taker::new).limit(100).toList();
        takers.forEach(taker -> taker.open(new Numbers(-1), EventFilter.ALL, new From.Oldest()));
        loop.runPendingTasks();

        assertThat(journal.held).hasSize(EventHub.Limits.USUAL.pages());
        int most = 0;
        while (!journal.held.isEmpty()) {
            most = Math.max(most, journal.held.size());
            journal.held.removeFirst().run();
            loop.runPendingTasks();
        }
        assertThat(most).isEqualTo(EventHub.Limits.USUAL.pages());
        assertThat(takers)
                .allSatisfy(taker -> assertThat(taker.said).startsWith("1 2 ").endsWith(" 1999 2000 "));
    }

    @Test
    void whoIsNearTheHeadWaitsForNobody() {
        publish(2000, EventType.CRASH);
        journal.holds = true;
        for (int i = 0; i < 100; i++) {
            new Taker().open(new Numbers(-1), EventFilter.ALL, new From.Oldest());
        }
        var near = new Taker();
        near.open(new Numbers(-1), EventFilter.ALL, new From.Now());
        publish(1, EventType.CRASH);
        loop.runPendingTasks();

        assertThat(near.said).hasToString("2001 ");
    }

    @Test
    void feedsThatAreClosedLeaveTheirTurnToOthers() {
        publish(200, EventType.CRASH);
        journal.holds = true;
        List<Feed> feeds = Stream.generate(Taker::new)
                .limit(2L * EventHub.Limits.USUAL.pages())
                .map(taker -> taker.open(new Numbers(-1), EventFilter.ALL, new From.Oldest()))
                .toList();
        var last = new Taker();
        last.open(new Numbers(-1), EventFilter.ALL, new From.Oldest());
        feeds.forEach(Feed::close);
        journal.holds = false;
        loop.runPendingTasks();

        assertThat(last.said).endsWith(" 200 ");
    }

    @Test
    void writesAnEventOnceForAllWithEqualEncodingsAndFilters() {
        var encoding = new Numbers(-1);
        List<Taker> takers = List.of(new Taker(), new Taker(), new Taker());
        takers.forEach(taker -> taker.open(encoding, EventFilter.types(EventType.CRASH), new From.Now()));
        publish(3, EventType.CRASH);
        publish(3, EventType.START);
        loop.runPendingTasks();

        assertThat(takers).allSatisfy(taker -> assertThat(taker.said).hasToString("1 2 3 "));
        assertThat(encoding.written).containsExactly(1L, 2L, 3L);
    }

    @Test
    void hasNothingMoreToDoWithAFeedThatIsClosedByAFlush() {
        var encoding = new Numbers(-1);
        var dies = new Taker();
        var other = new Taker();
        Feed dying = dies.open(encoding, EventFilter.ALL, new From.Now());
        other.open(encoding, EventFilter.ALL, new From.Now());
        loop.runPendingTasks();
        dies.whenFlushed = dying::close; // its connection turns out to be gone
        publish(1, EventType.CRASH);
        loop.runPendingTasks();
        int before = dies.buffersMade;
        publish(1, EventType.CRASH);
        loop.runPendingTasks();

        assertThat(dies.buffersMade).isEqualTo(before);
        assertThat(other.said).hasToString("1 2 ");
    }

    @Test
    void aTurnOfTheEventLoopEndsAfterSoManyWritesHoweverFewEventsTheyAreOf() {
        var encoding = new Numbers(-1);
        List<Taker> takers = Stream.generate(Taker::new).limit(2048).toList();
        takers.forEach(taker -> taker.open(encoding, EventFilter.ALL, new From.Now()));
        loop.runPendingTasks();
        publish(100, EventType.CRASH);
        var meanwhile = new ArrayList<Integer>();
        loop.eventLoop().execute(() -> meanwhile.add(encoding.written.size()));
        loop.runPendingTasks();

        assertThat(meanwhile).containsExactly((1 << 16) / 2048);
        assertThat(encoding.written).hasSize(100);
    }

    @Test
    void itsPlaceMovesWithoutCreditUpToTheFirstEventThatPasses() {
        publish(100, EventType.START);
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        loop.runPendingTasks();
        publish(100, EventType.START); // it is live
        loop.runPendingTasks();
        feed.mark();
        assertThat(taker.said).hasToString("(200) ");
        publish(10, EventType.START);
        publish(2, EventType.CRASH);
        publish(10, EventType.START);
        loop.runPendingTasks();
        feed.mark();
        feed.resume();
        feed.mark();
        assertThat(taker.said).hasToString("(200) (210) ");
        feed.grant(1);
        loop.runPendingTasks();
        feed.mark();
        assertThat(taker.said).hasToString("(200) (210) 211 ");
        feed.grant(1);
        loop.runPendingTasks();
        feed.mark();
        assertThat(taker.said).hasToString("(200) (210) 211 212 (222) ");
        feed.close();
    }

    @Test
    void anEventThatWaitsForCreditIsSaidEvenIfThatComesBeforeTheNextTurn() {
        publish(64 + 128 + 256, EventType.START); // as many pages as are a turn, with the one in which credit is missed
        publish(1, EventType.CRASH);
        publish(1000, EventType.START);
        publish(1, EventType.CRASH);
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        feed.grant(5);
        loop.runPendingTasks();

        assertThat(taker.said).hasToString("449 1450 ");
        feed.close();
    }

    @Test
    void nothingIsLostToAFeedWithoutCreditOfWhichNothingPasses() {
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        loop.runPendingTasks();
        for (int i = 0; i < 30; i++) {
            publish(1000, EventType.START); // three times as many as are kept
            loop.runPendingTasks();
        }
        publish(1, EventType.CRASH);
        feed.grant(1);
        loop.runPendingTasks();

        assertThat(taker.said).hasToString("30001 ");
        feed.close();
    }

    @Test
    void whatWasTrimmedWhileAnEventThatPassesWaitedIsAnnouncedOnceAndWhole() {
        publish(1, EventType.CRASH);
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 1);
        loop.runPendingTasks();
        for (int i = 0; i < 30; i++) {
            publish(500, EventType.START);
            publish(500, EventType.CRASH);
            loop.runPendingTasks();
            feed.resume();
        }
        assertThat(taker.said).hasToString("1 ");
        feed.grant(1);
        loop.runPendingTasks();

        assertThat(taker.said).hasToString("1 !501-20001 20502 ");
        feed.close();
    }

    @Test
    void whatWasTrimmedWhileAFeedReadsWithoutCreditIsAnnouncedOnceAndWhole() {
        publish(5_000, EventType.START);
        journal.holds = true;
        var taker = new Taker();
        Feed feed = taker.open(new Numbers(-1), EventFilter.types(EventType.CRASH), new From.Oldest(), 0);
        loop.runPendingTasks();
        publish(6_000, EventType.CRASH);
        journal.held.removeFirst().run(); // what it asked for is gone
        loop.runPendingTasks();
        assertThat(taker.said).isEmpty();
        publish(1_000, EventType.CRASH);
        journal.holds = false;
        feed.grant(1);
        loop.runPendingTasks();

        assertThat(taker.said).hasToString("!0-2000 5001 ");
        feed.close();
    }
}
