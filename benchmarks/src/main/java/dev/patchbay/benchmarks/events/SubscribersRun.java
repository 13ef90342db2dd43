package dev.patchbay.benchmarks.events;

import dev.patchbay.benchmarks.load.LoadPlan;
import dev.patchbay.benchmarks.load.LoadProcess;
import dev.patchbay.benchmarks.load.LoadResult;
import dev.patchbay.benchmarks.load.Pace;
import dev.patchbay.benchmarks.load.Scale;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.HeapWatch;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Machine;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.Unit;
import dev.patchbay.benchmarks.measure.UnixHttp;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * With 10,000 subscribers connected over WebSocket and 20 events a second, how old is an event when a subscriber gets it,
 * is any lost, and how much heap does the daemon need?
 *
 * <p>The daemon is the distribution in a process of its own; events come from settings that are changed over HTTP. An
 * event's age counts from the time in it, which the state thread gave it before it went to the journal: a little more
 * than from its commit. The clients are one process, whose own work is part of the age, and the baseline is a {@link
 * BareServer} that sends 10,000 such clients as many frames: what the machine and the clients take.
 */
public final class SubscribersRun implements LoadRun {
    private static final int SUBSCRIBERS = 10_000;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration TIME = Duration.ofMinutes(1);
    private static final int PER_SECOND = 20;
    private static final int PLUGINS = 50;
    private static final double WANTED_MS = 250;
    private static final double WANTED_MIB = 256;
    private static final double MB = 1e6;
    private static final String NAME = "a-plugin-whose-events-are-as-long-as-others";

    @Override
    public Table measure(Built built) throws Exception {
        var rows = new ArrayList<Row>();
        var remarks = new ArrayList<Remark>();
        daemon(built, rows, remarks);
        bare(rows, remarks);
        return new Table("How old are events when " + Scale.of(SUBSCRIBERS) + " subscribers get them?",
                List.of("server", "median ms", "p99", "max", "deliveries"), rows, remarks);
    }

    private static void daemon(Built built, List<Row> rows, List<Remark> remarks) throws Exception {
        try (Place place = Place.make()) {
            Path log = place.folder().resolve("gc");
            int port = Machine.freePort();
            try (var daemon = DaemonHere.patchbay(built, place, HeapWatch.option(log), "--host",
                    "tcp://127.0.0.1:" + port)) {
                for (int number = 0; number < PLUGINS; number++) {
                    UnixHttp.once(place.socket(), "POST", "/v1.44/plugins/create?name=" + NAME + number,
                            built.sampleContext());
                }
                long pid = daemon.process().pid();
                HeapWatch heap = HeapWatch.begin(pid, log);
                double idle = Machine.residentBytes(pid) / MB;
                Duration before = daemon.cpu();
                Measured measured = measured(port, new Settings(place.socket(), new AtomicInteger()));
                Duration used = daemon.cpu().minus(before);
                rows.add(row("patchbay", measured.result()));
                remarks.add(Table.verdict("99 % of all deliveries", measured.result().p99(), WANTED_MS, "ms")
                        .and(Scale.remark()));
                remarks.add(Table.verdict("the daemon's heap at its fullest, garbage included", heap.peak(),
                        WANTED_MIB, "MiB")
                        .and("; resident at most "
                                + Timings.text(Machine.residentPeak(pid) / MB) + " MB, "
                                + Timings.text(idle) + " MB before anybody subscribed"));
                remarks.add(Remark.of("patchbay: " + measured.described() + "; processor "
                        + Timings.text(used.toMillis() / 1e3) + " s, connecting included"));
            }
        }
    }

    private static void bare(List<Row> rows, List<Remark> remarks) throws Exception {
        try (var server = BareServer.start()) {
            Measured measured = measured(server.port(), new Frames(server));
            rows.add(row("bare Netty", measured.result()));
            remarks.add(Remark.of("bare Netty: " + measured.described()));
        }
    }

    /** What the clients got, and of how many events. */
    private record Measured(LoadResult result, int events) {
        String described() {
            return result.missing(events, Scale.of(SUBSCRIBERS)) + " of " + events + " events; "
                    + result.bytesEach() + " bytes an event with its frame";
        }
    }

    private static Measured measured(int port, Timings.Work source) throws Exception {
        try (var clients = LoadProcess.start(
                LoadPlan.events(port, "", Scale.of(SUBSCRIBERS), LoadPlan.Detail.AGE))) {
            long warm = Pace.perSecond(PER_SECOND).keep(Scale.of(WARM_UP), source);
            clients.awaitDeliveries(warm * Scale.of(SUBSCRIBERS));
            clients.reset();
            int events = Pace.perSecond(PER_SECOND).keep(Scale.of(TIME), source);
            return new Measured(clients.awaitDeliveries((long) events * Scale.of(SUBSCRIBERS)), events);
        }
    }

    private static Row row(String name, LoadResult result) {
        return ages(Row.of(name, Timings.text(result.p50()), Timings.text(result.p99()),
                Timings.text(result.max()), Long.toString(result.deliveries())), name, result);
    }

    /** The same row with how old all deliveries were. */
    static Row ages(Row row, String name, LoadResult result) {
        return new Row(row.cells(), result.ages()
                .samples()
                .map(samples -> Series.of(name + ", age of a delivery", Unit.MILLIS, samples)));
    }

    /** Plugins whose settings change, one after the other: a plugin lets few commands wait. */
    private record Settings(Path socket, AtomicInteger number) implements Timings.Work {
        @Override
        public void run() throws IOException {
            String name = NAME + number.getAndIncrement() % PLUGINS;
            UnixHttp.post(socket, "/v1.44/plugins/" + name + "/set", "[\"SAMPLE_GREETING=hello\"]");
        }
    }

    /** Frames that are made when they are sent, for the time in them. */
    private static final class Frames implements Timings.Work {
        private final BareServer server;
        private long seq;

        Frames(BareServer server) {
            this.server = server;
        }

        @Override
        public synchronized void run() {
            ByteBuf frame = StreamFrames.frame(++seq);
            server.begin(List.of(frame));
            frame.release();
        }
    }
}
