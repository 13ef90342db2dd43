package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.event.Actor;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventRecorder;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.From;
import dev.patchbay.event.Happening;
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
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Docker's events for many clients at once, and for clients that read slowly: without sockets, on one thread. */
final class EventLinesTest {
    private static final int KEPT = 3000;
    private static final Instant NOW = FakePlugins.NOW;
    private static final From SINCE = new From.Since(NOW.minusSeconds(1));

    private final EmbeddedChannel loop = Loops.make();
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final EventRecorder recorder = Recorders.immediate(new RingJournal(KEPT, 1 << 24, new Random(1)));
    private final EventHub hub = new EventHub(new FakePlugins(recorder));
    private final AtomicInteger written = new AtomicInteger();
    private final LatestLine latest = new LatestLine(event -> {
        written.incrementAndGet();
        return EventFormat.JSON.line(event);
    });
    private final EventLines.Format format = latest::line;
    private final List<ByteBuf> handed = new ArrayList<>(); // kept until the end: no address is used twice

    /** A client that takes so many messages, and then nothing until it is asked to go on. */
    private final class Client implements Outlet {
        private final StringBuilder said = new StringBuilder();
        private final Set<Long> addresses = new HashSet<>(); // of what it was handed
        private long room;
        private boolean ended;
        private Optional<EventSignal.Gap> lost = Optional.empty();
        private final Feed feed;

        Client(long room, From from, String filters, Optional<Instant> until) {
            this.room = room;
            var encoding = new EventLines(format,
                    new DockerFilter(Filters.parse(Optional.of(filters))), until);
            feed = hub.open(loop.eventLoop(), new Wish(new Wish.Start.Events(from), EventFilter.ALL,
                    encoding, Wish.UNLIMITED), this);
        }

        void goOn() {
            room = Long.MAX_VALUE;
            feed.resume();
            Loops.run(loop);
        }

        /** The value of the attribute that numbers events. */
        List<Integer> numbers() {
            return said.toString()
                    .lines()
                    .map(line -> Integer.valueOf(line.replaceFirst(".*\"n\":\"(\\d+)\".*", "$1")))
                    .toList();
        }

        @Override
        public boolean isWritable() {
            return room > 0;
        }

        @Override
        public void write(ByteBuf messages) {
            room--;
            addresses.add(messages.memoryAddress());
            said.append(messages.toString(StandardCharsets.UTF_8));
            handed.add(messages);
        }

        @Override
        public void flush() {
            // it has all of it
        }

        @Override
        public ByteBufAllocator allocator() {
            return buffers;
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
        public void lost(EventSignal.Gap gap) {
            lost = Optional.of(gap);
        }

        @Override
        public void failed(Throwable bug) {
            throw new AssertionError(bug);
        }
    }

    private Client client(String filters) {
        return new Client(Long.MAX_VALUE, new From.Now(), filters, Optional.empty());
    }

    @AfterEach
    void noBufferIsLeft() {
        Loops.run(loop);
        var _ = loop.close();
        handed.forEach(ByteBuf::release);
        assertThat(buffers.metric().usedDirectMemory()).isZero();
    }

    private void publish(int first, int last, EventType type, String name) {
        for (int i = first; i <= last; i++) {
            recorder.tell(List.of(new Happening(NOW, type, Optional.empty(), name, List.of(), 1,
                    Actor.ENGINE, Map.of("n", Integer.toString(i)))), _ -> {});
        }
        Loops.run(loop);
    }

    private void publish(int count) {
        publish(1, count, EventType.CRASH, "a:latest");
    }

    private static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void handsClientsThatWantTheSameOneBuffer() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(client("{\"type\":[\"plugin\"]}"));
        }
        publish(1);

        assertThat(clients).allSatisfy(client -> assertThat(client.numbers()).containsExactly(1));
        assertThat(clients).flatExtracting(client -> client.addresses)
                .containsOnly(
                        clients.getFirst().addresses.iterator().next());
    }

    @Test
    void writesALineOnceWhateverTheFilters() {
        List<Client> clients = List.of(client(""), client("{\"plugin\":[\"a\"]}"),
                client("{\"event\":[\"crash\"]}"));
        publish(5);

        assertThat(clients).allSatisfy(client -> assertThat(client.numbers()).isEqualTo(upTo(5)));
        assertThat(written).hasValue(5);
    }

    @Test
    void tellsEachOfThousandsOfFiltersItsOwnEvents() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 2 * EventHub.MAX_FILTERS; i++) {
            clients.add(client("{\"plugin\":[\"p" + i + ":\"]}"));
        }
        for (int i = 0; i < 10; i++) {
            publish(i, i, EventType.CRASH, "p" + i + ":latest");
        }
        publish(10, 12, EventType.CRASH, "other:latest");

        for (int i = 0; i < 10; i++) {
            assertThat(clients.get(i).numbers()).containsExactly(i);
        }
        assertThat(clients.subList(10, clients.size())).allSatisfy(it -> assertThat(it.said).isEmpty());
        assertThat(clients).allSatisfy(it -> assertThat(it.feed.position())
                .isEqualTo(recorder.log().bounds().newest()));
    }

    @Test
    void findsWhatIsWantedAmongManyThatAreNot() {
        publish(1, 2000, EventType.START, "a:latest");
        publish(2001, 2001, EventType.CRASH, "a:latest");
        publish(2002, 2500, EventType.START, "a:latest");
        var client = new Client(1, SINCE, "{\"event\":[\"crash\"]}", Optional.empty());
        Loops.run(loop);

        assertThat(client.numbers()).containsExactly(2001);
    }

    @Test
    void aClientThatTakesNothingCostsOthersNothing() {
        var stalled = new Client(2, new From.Now(), "", Optional.empty());
        var other = client("");
        publish(1, 1, EventType.CRASH, "a:latest");
        publish(2, 2, EventType.CRASH, "a:latest");
        publish(3, KEPT, EventType.CRASH, "a:latest");

        assertThat(stalled.numbers()).containsExactly(1, 2);
        assertThat(other.numbers()).isEqualTo(upTo(KEPT));
        assertThat(other.lost).isEmpty();
    }

    @Test
    void theEndOfTheWindowDoesNotCutWhatWasBeforeIt() {
        publish(600);
        var client = new Client(1, SINCE, "", Optional.of(NOW));
        publish(601, 700, EventType.CRASH, "a:latest"); // while it reads what is older
        client.feed.finish();
        Loops.run(loop);
        assertThat(client.ended).isFalse();

        client.goOn();

        assertThat(client.numbers()).isEqualTo(upTo(700));
        assertThat(client.ended).isTrue();
        assertThat(hub.feeds()).isZero();
    }

    @Test
    void theEndOfTheWindowDoesNotCutWhatHappenedWhileItWasOpen() {
        publish(1);
        var client = new Client(2, SINCE, "", Optional.of(NOW));
        Loops.run(loop);
        publish(2, 2, EventType.CRASH, "a:latest");
        publish(3, 601, EventType.CRASH, "a:latest");
        assertThat(client.numbers()).containsExactly(1, 2);
        client.feed.finish();

        client.goOn();

        assertThat(client.numbers()).isEqualTo(upTo(601));
        assertThat(client.ended).isTrue();
    }

    @Test
    void endsAtOnceIfAllWasSaid() {
        publish(3);
        var client = new Client(Long.MAX_VALUE, SINCE, "", Optional.of(NOW));
        Loops.run(loop);
        assertThat(client.ended).isFalse();

        client.feed.finish();

        assertThat(client.numbers()).isEqualTo(upTo(3));
        assertThat(client.ended).isTrue();
    }

    @Test
    void leavesOutWhatHappenedAfterTheWindow() {
        publish(3);
        var client = new Client(Long.MAX_VALUE, SINCE, "", Optional.of(NOW.minusNanos(1)));
        client.feed.finish();
        Loops.run(loop);

        assertThat(client.said).isEmpty();
        assertThat(client.ended).isTrue();
    }

    @Test
    void endsWhenWhatHappensIsLostToAClient() {
        var client = new Client(1, new From.Now(), "", Optional.empty());
        publish(1);
        publish(2, 2 * KEPT, EventType.CRASH, "a:latest");

        client.goOn();

        assertThat(client.numbers()).containsExactly(1);
        assertThat(client.lost).isPresent();
        assertThat(client.ended).isFalse();
        assertThat(hub.feeds()).isZero();
    }

    @Test
    void endsWhenWhatIsKeptIsLostToAClient() {
        publish(KEPT);
        var client = new Client(1, SINCE, "", Optional.of(NOW));
        client.feed.finish();
        Loops.run(loop);
        publish(KEPT);

        client.goOn();

        assertThat(client.lost).isPresent();
        assertThat(client.ended).isFalse();
    }
}
