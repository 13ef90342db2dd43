package dev.patchbay.benchmarks.events;

import dev.patchbay.benchmarks.load.LoadFormat;
import dev.patchbay.benchmarks.load.LoadPlan;
import dev.patchbay.benchmarks.load.LoadProcess;
import dev.patchbay.benchmarks.load.LoadResult;
import dev.patchbay.benchmarks.load.Pace;
import dev.patchbay.benchmarks.load.Scale;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Machine;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Programs;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.SmallPlugin;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * With as many clients on Docker's {@code /events} as on the event stream in {@link SubscribersRun}, and 20 events a
 * second, how old is an event when a client gets it, beside a real dockerd?
 *
 * <p>A small plugin is made and removed, again and again, since each is an event of both daemons. An event's age counts
 * from the time in it; neither numbers them, so what is lost is only counted. A daemon that does not get through the
 * warm-up is not measured, and is said to be so.
 */
public final class DockerEventsRun implements LoadRun {
    private static final int CLIENTS = 10_000;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int PAIRS_PER_SECOND = 10;
    /** How long after that a daemon may still be busy with them: one that cannot keep up falls behind without end. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Those of plugins: what happens to the engine is not the same. */
    private static final String EVENTS = "/v1.41/events?filters="
            + URLEncoder.encode("{\"type\":[\"plugin\"]}", StandardCharsets.UTF_8);
    private static final byte[] NOTHING = {};

    /** How a daemon is started that listens on a port as well. */
    @FunctionalInterface
    private interface Start {
        DaemonHere on(Place place, String host) throws IOException;
    }

    @Override
    public Table measure(Built built) throws Exception {
        var rows = new ArrayList<Row>();
        var remarks = new ArrayList<Remark>();
        Optional<LoadResult> ours = measured("patchbay",
                (place, host) -> DaemonHere.patchbay(built, place, "", "--host", host), rows, remarks);
        Optional<String> program = Programs.dockerd();
        if (program.isEmpty()) {
            remarks.add(
                    Remark.of("nothing is compared with dockerd, which is not installed: make deps-peers"));
        } else {
            Optional<LoadResult> theirs = measured("dockerd",
                    (place, host) -> DaemonHere.dockerd(program.get(), place, "-H", host), rows, remarks);
            ours.flatMap(our -> theirs.map(their -> our.p99() / their.p99()))
                    .ifPresent(ratio -> remarks
                            .addFirst(Remark.of("99 % of all deliveries, patchbay to dockerd: "
                                    + Timings.text(ratio) + " times" + Scale.remark())));
        }
        return new Table(
                "How old are events when " + Scale.of(CLIENTS) + " clients of Docker's /events get them?",
                List.of("daemon", "median ms", "p99", "max", "deliveries", "cpu s"), rows, remarks);
    }

    private static Optional<LoadResult> measured(String name, Start start, List<Row> rows,
            List<Remark> remarks)
            throws Exception {
        int port = Machine.freePort();
        try (Place place = Place.make();
                var daemon = start.on(place, "tcp://127.0.0.1:" + port);
                var clients = LoadProcess
                        .start(new LoadPlan(LoadFormat.DOCKER, port, EVENTS, Scale.of(CLIENTS),
                                LoadPlan.Detail.AGE))) {
            try {
                return loaded(name, daemon, clients, rows, remarks);
            } catch (IOException | ExecutionException e) {
                String how = daemon.ended().orElseThrow(() -> e);
                remarks.add(Remark.of(name + " DID NOT LIVE THROUGH IT: " + how));
                return Optional.empty();
            }
        }
    }

    private static Optional<LoadResult> loaded(String name, DaemonHere daemon, LoadProcess clients,
            List<Row> rows, List<Remark> remarks) throws Exception {
        var pairs = new Pairs(daemon.socket(), new AtomicInteger(), new AtomicInteger());
        Pace pace = Pace.perSecond(PAIRS_PER_SECOND);
        int warm = pace.keep(Scale.of(WARM_UP), PATIENCE, pairs);
        long wanted = (long) pairs.events().get() * Scale.of(CLIENTS);
        long warmed = clients.awaitDeliveries(wanted, PATIENCE).deliveries();
        if (pairs.events().get() < 2 * warm || warmed < wanted) {
            remarks.add(Remark.of(name + " DOES NOT KEEP UP: asked for " + 2 * warm + " events in "
                    + Scale.of(WARM_UP).toSeconds() + " s, it had " + pairs.events() + " after "
                    + PATIENCE.toSeconds() + " s more, and had delivered " + warmed + " of " + wanted));
            return Optional.empty();
        }
        clients.reset();
        Duration before = daemon.cpu();
        int asked = 2 * pace.keep(Scale.of(TIME), PATIENCE, pairs);
        int events = pairs.events().get() - 2 * warm;
        LoadResult result = clients.awaitDeliveries((long) events * Scale.of(CLIENTS), PATIENCE);
        Duration used = daemon.cpu().minus(before);
        var row = Row.of(name, Timings.text(result.p50()), Timings.text(result.p99()),
                Timings.text(result.max()), Long.toString(result.deliveries()),
                Timings.text(used.toMillis() / 1e3));
        rows.add(SubscribersRun.ages(row, name, result));
        remarks.add(Remark
                .of(name + ": " + result.missing(events, Scale.of(CLIENTS)) + " of " + events + " events in "
                        + Scale.of(TIME).toSeconds() + " s"
                        + (events == asked ? "" : "; " + asked + " WERE ASKED FOR")));
        return Optional.of(result);
    }

    /** A plugin that is made and removed. Each is another: dockerd makes no two at a time of the same content. */
    private record Pairs(Path socket, AtomicInteger number, AtomicInteger events) implements Timings.Work {
        @Override
        public void run() throws IOException {
            String name = "small" + number.incrementAndGet();
            UnixHttp.once(socket, "POST", "/v1.41/plugins/create?name=" + name, SmallPlugin.context(name));
            events.incrementAndGet();
            UnixHttp.once(socket, "DELETE", "/v1.41/plugins/" + name, NOTHING);
            events.incrementAndGet();
        }
    }
}
