package dev.patchbay.benchmarks.events;

import dev.patchbay.benchmarks.load.LoadPlan;
import dev.patchbay.benchmarks.load.LoadProcess;
import dev.patchbay.benchmarks.load.LoadResult;
import dev.patchbay.benchmarks.load.Scale;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Unit;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How many events a second does the hub deliver to 1,000 subscribers over WebSocket, beside a {@link BareServer} that
 * writes the same frames, ready made, to a channel group?
 *
 * <p>Both servers are in this JVM, which has the daemon's options, and their clients in one process each. The ways take
 * turns. <em>Flat out</em> is as fast as it goes: the hub's events happen at once, so that its subscribers fall behind
 * and read them in pages; the bare server, which has nothing to read from and would run out of memory, is kept a
 * window ahead of its slowest client, which leaves it never idle. <em>In step</em> has the hub's events happen within the same
 * window, so that they go the way of what subscribers that keep up get: one buffer, shared by all.
 */
public final class FanOutRun implements LoadRun {
    private static final int SUBSCRIBERS = 1000;
    private static final int EVENTS = 9600;
    private static final int ROUNDS = 5;
    private static final int BATCH = 64;
    private static final int WINDOW = 512;
    private static final double WANTED_OF_BARE = 0.8;

    private static final String FLAT_OUT = "hub, flat out";
    private static final String IN_STEP = "hub, in step";
    private static final String BARE = "bare Netty, flat out";

    /** Where events come from. */
    private interface Source {
        /** Gets ready, before time is taken, to send so many. */
        void prepare(int count);

        /** Sends so many. */
        void send(int count) throws InterruptedException;
    }

    /** A server and its clients. */
    private record Way(Source source, LoadProcess clients, int window) {
        /** Has events happen until all have got them; returns how many were delivered in a second. */
        double perSecond(int subscribers, int events) throws IOException, InterruptedException {
            long before = clients.passed();
            source.prepare(events);
            long begin = System.nanoTime();
            for (int sent = 0; sent < events; sent += BATCH) {
                clients.awaitPassed(Math.max(0, before + sent + BATCH - window));
                source.send(Math.min(BATCH, events - sent));
            }
            clients.awaitPassed(before + events);
            return 1e9 * subscribers * events / (System.nanoTime() - begin);
        }
    }

    @Override
    public Table measure(Built built) throws Exception {
        int subscribers = Scale.of(SUBSCRIBERS);
        int events = Scale.events(EVENTS);
        try (Place place = Place.make();
                var hub = HubHere.open(place);
                var bare = BareServer.start();
                var ofHub = LoadProcess.start(
                        LoadPlan.events(hub.port(), "", subscribers, LoadPlan.Detail.COUNT));
                var ofBare = LoadProcess.start(
                        LoadPlan.events(bare.port(), "", subscribers, LoadPlan.Detail.COUNT))) {
            var ways = new LinkedHashMap<String, Way>();
            ways.put(FLAT_OUT, new Way(new Hub(hub), ofHub, Integer.MAX_VALUE));
            ways.put(BARE, new Way(new Ready(bare), ofBare, WINDOW));
            ways.put(IN_STEP, new Way(new Hub(hub), ofHub, WINDOW));
            var taken = new LinkedHashMap<String, List<Double>>();
            ways.keySet().forEach(name -> taken.put(name, new ArrayList<>()));
            for (int round = 0; round <= ROUNDS; round++) {
                for (Map.Entry<String, Way> way : ways.entrySet()) {
                    double perSecond = way.getValue().perSecond(subscribers, events);
                    if (round > 0) { // the first has both compile
                        Objects.requireNonNull(taken.get(way.getKey())).add(perSecond);
                    }
                }
            }
            long told = (long) (ROUNDS + 1) * events;
            return table(taken, List.of(
                    "hub: " + described(ofHub.result(), 2 * told, subscribers),
                    "bare: " + described(ofBare.result(), told, subscribers)));
        }
    }

    /** What happens to an engine. */
    private record Hub(HubHere hub) implements Source {
        @Override
        public void prepare(int count) {}

        @Override
        public void send(int count) {
            hub.tell(count);
        }
    }

    /** Frames that were made before, one after the other. */
    private static final class Ready implements Source {
        private final BareServer server;
        private final Deque<ByteBuf> frames = new ArrayDeque<>();
        private long seq;

        Ready(BareServer server) {
            this.server = server;
        }

        @Override
        public void prepare(int count) {
            for (int i = 0; i < count; i++) {
                frames.add(StreamFrames.frame(++seq));
            }
        }

        @Override
        public void send(int count) throws InterruptedException {
            List<ByteBuf> some = IntStream.range(0, count).mapToObj(_ -> frames.remove()).toList();
            server.send(some);
            some.forEach(ByteBuf::release);
        }
    }

    private static String described(LoadResult result, long events, int subscribers) {
        return result.bytesEach() + " bytes an event with its frame; " + result.missing(events, subscribers);
    }

    private static Table table(Map<String, List<Double>> taken, List<String> more) {
        var rows = new ArrayList<Row>();
        taken.forEach((name, rates) -> {
            double[] sorted = rates.stream().mapToDouble(it -> it).sorted().toArray();
            rows.add(Row.of(name, whole(sorted[sorted.length / 2]), whole(sorted[0]),
                    whole(sorted[sorted.length - 1]), Integer.toString(sorted.length))
                    .of(Series.of(name, Unit.perSecond("deliveries"), rates).beside(BARE)));
        });
        var remarks = new ArrayList<Remark>();
        remarks.add(Table.verdictAtLeast("deliveries, hub to bare, flat out", ratio(taken, FLAT_OUT),
                WANTED_OF_BARE, "times").and(Scale.remark()));
        remarks.add(Table.verdictAtLeast("deliveries, hub in step to bare", ratio(taken, IN_STEP),
                WANTED_OF_BARE, "times"));
        more.forEach(text -> remarks.add(Remark.of(text)));
        return new Table("How many deliveries a second to " + Scale.of(SUBSCRIBERS) + " subscribers?",
                List.of("way", "median/s", "min", "max", "n"), rows, remarks);
    }

    /** The median of the rounds' ratios. */
    private static double ratio(Map<String, List<Double>> taken, String way) {
        List<Double> ours = Objects.requireNonNull(taken.get(way));
        List<Double> bare = Objects.requireNonNull(taken.get(BARE));
        double[] sorted = IntStream.range(0, ours.size())
                .mapToDouble(round -> ours.get(round) / bare.get(round))
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    private static String whole(double rate) {
        return String.format(Locale.ROOT, "%,.0f", rate);
    }
}
