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
import dev.patchbay.web.Loops;
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
import org.junit.jupiter.api.AfterEach;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What tests of single feeds have: a hub on a loop that runs when told to, a journal that can be spoilt, who listens. */
abstract class FeedStage {
    final EmbeddedChannel loop = Loops.make();
    final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    final Rotten journal = new Rotten(new RingJournal(10_000, 1 << 24, new Random(1)));
    final EventRecorder recorder = Recorders.over(journal, timers, 1);
    final EventHub hub = new EventHub(new ScriptedPlugins(recorder));

    /** A journal one of whose rows is no event any more, and that answers when the test says so. */
    static final class Rotten implements JournalOver {
        private final RingJournal memory;
        final Deque<Runnable> held = new ArrayDeque<>();
        long bad = -1;
        boolean holds;

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
    final class Taker implements Outlet {
        final StringBuilder said = new StringBuilder();
        final List<Throwable> bugs = new ArrayList<>();
        boolean ended;
        int buffersMade;
        int flushed;
        Runnable whenFlushed = () -> {};

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
            flushed++;
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
    static final class Numbers implements Encoding {
        final List<Long> written = new ArrayList<>();
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
        Loops.run(loop);
        var _ = loop.close();
        timers.dispose();
        assertThat(buffers.metric().usedDirectMemory()).isZero();
    }

    void publish(int count, EventType type) {
        for (int i = 0; i < count; i++) {
            recorder.tell(List.of(new Happening(Samples.NOON, type, Optional.of(Samples.ID), "sample:latest",
                    List.of(), 1, Actor.ENGINE, Map.of())), _ -> {});
        }
    }
}
