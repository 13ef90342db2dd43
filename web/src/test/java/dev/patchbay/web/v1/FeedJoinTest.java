package dev.patchbay.web.v1;

import dev.patchbay.event.Actor;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventLog;
import dev.patchbay.event.EventPage;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.Happening;
import dev.patchbay.event.LogOver;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Recorders;
import dev.patchbay.event.RingJournal;
import dev.patchbay.web.Loops;
import dev.patchbay.web.feed.EventHub;
import dev.patchbay.web.feed.Wish;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A feed that catches up while more happens than its event loop can be told. */
final class FeedJoinTest {
    private static final int QUEUE = 1024; // as many as a topic lets wait

    private final EmbeddedChannel loop = Loops.make();
    private final VirtualTimeScheduler timers = VirtualTimeScheduler.create();
    private final EventRecorder recorder = Recorders.over(
            new RingJournal(10_000, 1 << 24, new Random(1)), timers, 1);
    private final Map<String, List<PluginEvent>> truth = new LinkedHashMap<>();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private final EventHub hub = new EventHub(new ScriptedPlugins(recorder) {
        @Override
        public EventLog eventLog() {
            return new Late();
        }
    });
    private boolean holds;

    /** A log whose pages are read at once, and delivered when the test says so. */
    private final class Late implements LogOver {
        @Override
        public EventLog log() {
            return recorder.log();
        }

        @Override
        public Mono<EventPage> read(Cursor after, int max, EventFilter filter) {
            Mono<EventPage> page = log().read(after, max, filter);
            return holds
                    ? Mono.create(sink -> page.subscribe(found -> held.add(() -> sink.success(found)),
                            sink::error))
                    : page;
        }
    }

    @AfterEach
    void close() {
        var _ = loop.close();
        timers.dispose();
    }

    private FeedModelClient open() {
        var client = new FeedModelClient(loop, truth, EventFilter.ALL, new FeedModel.Tally());
        client.open(hub, new Wish(new Wish.Start.Events(new From.Now()), EventFilter.ALL,
                EventSession.encoding("s"), Wish.UNLIMITED));
        return client;
    }

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            recorder.tell(List.of(new Happening(Samples.NOON, EventType.CRASH, Optional.of(Samples.ID),
                    "sample:latest", List.of(), 1, Actor.ENGINE, Map.of("n", Integer.toString(i)))), _ -> {});
        }
    }

    @Test
    void aPageFromBeforeADropIsNotTheLast() {
        recorder.log()
                .live(EventFilter.ALL)
                .subscribe(told -> truth
                        .computeIfAbsent(told.event().cursor().epoch(), _ -> new ArrayList<>())
                        .add(told.signal().event()));
        FeedModelClient first = open();
        publish(QUEUE + 1); // the last is dropped
        holds = true;
        FeedModelClient second = open(); // the page after the place where it begins is empty
        publish(1); // dropped as well
        Loops.run(loop);
        holds = false;
        held.forEach(Runnable::run);
        second.feed().mark();
        Loops.run(loop);

        second.takeAll();
        second.checkComplete();
        first.vanish();
        second.vanish();
    }
}
