package dev.patchbay.web.v1;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventJournal;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.Happening;
import dev.patchbay.event.JournalException;
import dev.patchbay.event.JournalOver;
import dev.patchbay.event.LogOver;
import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import dev.patchbay.web.Loops;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Wish;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A hub with clients that are slow, stalled, greedy, and gone, over a journal that trims, fails and comes back; all on one
 * thread, in an order that a seed decides.
 */
final class FeedModel implements AutoCloseable {
    private static final int MAX_CLIENTS = 8;
    private static final EventType[] TYPES = {EventType.CRASH, EventType.START, EventType.EXIT};

    private final Random chance;
    private final EmbeddedChannel loop = Loops.make();
    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    private final Shaky journal;
    private final EventRecorder recorder;
    private final List<Runnable> reads = new ArrayList<>();
    private final Map<String, List<PluginEvent>> truth = new LinkedHashMap<>(); // by epoch, from number 1 on
    private final List<FeedModelClient> clients = new ArrayList<>();
    private final List<Cursor> places = new ArrayList<>();
    private final Tally tally = new Tally();
    private final EventHub hub;
    private int count;

    /** What happened in some runs. */
    static final class Tally {
        int events;
        int trims;
        int epochs;
        int resumes;
        int unrecovered;
        int bookmarks;

        void add(Tally other) {
            events += other.events;
            trims += other.trims;
            epochs += other.epochs;
            resumes += other.resumes;
            unrecovered += other.unrecovered;
            bookmarks += other.bookmarks;
        }
    }

    FeedModel(long seed) {
        chance = new Random(seed);
        var epochs = new Random(chance.nextLong()); // not the seed: the recorder's own is one of them
        journal = new Shaky(new RingJournal(20 + chance.nextInt(2000), 1 << 22, epochs));
        recorder = Recorders.over(journal, timers, 1 + chance.nextInt(100));
        recorder.log()
                .live(EventFilter.ALL)
                .subscribe(told -> truth
                        .computeIfAbsent(told.event().cursor().epoch(), _ -> new ArrayList<>())
                        .add(told.signal().event()));
        hub = new EventHub(new ScriptedPlugins(recorder) {
            @Override
            public EventLog eventLog() {
                return new Slow();
            }
        }, new EventHub.Limits(1 + chance.nextInt(3), 1 + chance.nextInt(8)));
    }

    /** Fails when it is told to. */
    private static final class Shaky implements JournalOver {
        private final RingJournal memory;
        private boolean fails;

        Shaky(RingJournal memory) {
            this.memory = memory;
        }

        @Override
        public EventJournal journal() {
            return memory;
        }

        @Override
        public Mono<Opened> open() {
            return unlessItFails(memory.open());
        }

        @Override
        public Mono<Void> append(List<LoggedEvent> events) {
            return unlessItFails(memory.append(events));
        }

        @Override
        public Mono<EventPage> read(long after, int max, EventFilter filter) {
            return unlessItFails(memory.read(after, max, filter));
        }

        private <T> Mono<T> unlessItFails(Mono<T> answer) {
            return fails ? Mono.error(new JournalException("it fails")) : answer;
        }
    }

    /** Answers when the model says so, in any order. */
    private final class Slow implements LogOver {
        @Override
        public EventLog log() {
            return recorder.log();
        }

        @Override
        public Mono<EventPage> read(Cursor after, int max, EventFilter filter) {
            return Mono.create(sink -> later(log().read(after, max, filter), sink));
        }

        private <T> void later(Mono<T> value, MonoSink<T> sink) {
            if (chance.nextInt(3) == 0) {
                value.subscribe(sink::success, sink::error);
            } else if (chance.nextBoolean()) {
                reads.add(() -> value.subscribe(sink::success, sink::error));
            } else { // read now, heard of later
                value.subscribe(found -> reads.add(() -> sink.success(found)), sink::error);
            }
        }
    }

    Tally tally() {
        return tally;
    }

    /** Lets a number of things happen, and looks at the end whether everybody was told everything. */
    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
        }
        settle();
        clients.forEach(FeedModelClient::checkComplete);
        clients.forEach(FeedModelClient::vanish);
        Loops.run(loop);
        if (hub.feeds() != 0) {
            throw new AssertionError(hub.feeds() + " feeds are left");
        }
    }

    private void step() {
        switch (chance.nextInt(14)) {
            case 0, 1, 2 -> publish(1 + chance.nextInt(10));
            case 3 -> publish(chance.nextInt(8) == 0 ? 1500 : 100);
            case 4, 5 -> loop.runPendingTasks();
            case 6, 7 -> answer();
            case 8 -> connect();
            case 9, 10, 11 -> pick().ifPresent(client -> client.take(chance.nextInt(4000)));
            case 12 -> pick().ifPresent(client -> client.act(chance));
            case 13 -> rarely();
            default -> throw new IllegalStateException();
        }
    }

    private void rarely() {
        switch (chance.nextInt(8)) {
            case 0 -> journal.fails = true;
            case 1 -> {
                journal.fails = false;
                timers.advanceTimeBy(Duration.ofSeconds(61));
            }
            case 2, 3, 4 -> pick().ifPresent(client -> {
                client.vanish();
                clients.remove(client);
                client.cursor().ifPresent(places::add);
            });
            default -> pick().ifPresent(client -> client.feed().mark());
        }
    }

    private void settle() {
        for (int round = 0; round < 10_000; round++) {
            Loops.run(loop);
            boolean quiet = reads.isEmpty();
            while (!reads.isEmpty()) {
                answer();
            }
            for (FeedModelClient client : clients) {
                quiet &= !client.takeAll();
            }
            if (quiet) {
                return;
            }
        }
        throw new AssertionError("it does not come to rest");
    }

    private void answer() {
        if (!reads.isEmpty()) {
            reads.remove(chance.nextInt(reads.size())).run();
        }
    }

    private Optional<FeedModelClient> pick() {
        return clients.isEmpty()
                ? Optional.empty()
                : Optional.of(clients.get(chance.nextInt(clients.size())));
    }

    private void publish(int events) {
        var all = new ArrayList<Happening>();
        for (int i = 0; i < events; i++) {
            all.add(new Happening(Samples.NOON, TYPES[chance.nextInt(TYPES.length)], Optional.of(Samples.ID),
                    "sample:latest", List.of(), 1, Actor.ENGINE, Map.of("n", Integer.toString(++count))));
        }
        if (chance.nextBoolean()) {
            recorder.tell(all, _ -> {});
        } else {
            all.forEach(one -> recorder.tell(List.of(one), _ -> {}));
        }
        tally.events += events;
    }

    private void connect() {
        if (clients.size() >= MAX_CLIENTS) {
            return;
        }
        EventFilter filter = switch (chance.nextInt(3)) {
            case 0 -> EventFilter.types(EventType.CRASH);
            case 1 -> EventFilter.types(EventType.CRASH, EventType.START);
            default -> EventFilter.ALL;
        };
        long credit = chance.nextBoolean() ? Wish.UNLIMITED : chance.nextInt(20);
        String sub = chance.nextBoolean() ? "a" : "b";
        var wish = new Wish(new Wish.Start.Events(from()), filter, EventSession.encoding(sub), credit);
        var client = new FeedModelClient(loop, truth, filter, tally);
        clients.add(client);
        client.open(hub, wish);
    }

    private From from() {
        if (!places.isEmpty() && chance.nextInt(3) > 0) {
            tally.resumes++;
            return new From.At(places.remove(chance.nextInt(places.size())));
        }
        return chance.nextBoolean() ? new From.Now() : new From.Oldest();
    }

    @Override
    public void close() {
        var _ = loop.close();
        timers.dispose();
    }
}
