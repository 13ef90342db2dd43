package dev.patchbay.benchmarks.daemon;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long after the process starts does the distribution answer {@code _ping}, and how much memory does its JVM hold
 * when idle with 50 plugins running?
 *
 * <p>The baseline of the start is {@code patchbay version} with the same launcher, flags and class cache, alternating; the
 * baseline of the memory is the same process before the first plugin. The processor's time is told too, since it hardly
 * depends on what else the machine does.
 */
public final class DaemonRun implements LoadRun {
    private static final int STARTS = 10;
    private static final int PLUGINS = 50;
    private static final double WANTED_MS = 1000;
    private static final double WANTED_MB = 150;
    private static final double MB = 1e6;
    private static final long IDLE_SECONDS = 20;
    private static final byte[] NOTHING = {};

    @Override
    public Table measure(Built built) throws Exception {
        var version = new Timings.Builder();
        var ping = new Timings.Builder();
        var cpu = new Timings.Builder();
        for (int start = 0; start <= STARTS; start++) {
            double versionMillis = Timings.millisOf(() -> version(built));
            Start served = untilPing(built);
            if (start > 0) { // the first reads the disk
                version.add(versionMillis);
                ping.add(served.millis());
                cpu.add(served.cpu());
            }
        }
        var rows = new ArrayList<Row>();
        rows.add(Row.of("patchbay version, to its end", version.build()));
        rows.add(Row.of("patchbay serve, to _ping", ping.build())
                .beside("patchbay version, to its end"));
        rows.add(Row.of("  of it on a processor, all threads", cpu.build()));
        var remarks = new ArrayList<Remark>();
        remarks.add(Table.verdict("start to _ping", ping.build().median(), WANTED_MS, "ms")
                .and("; class cache " + (hasCache(built) ? "present" : "ABSENT, make build makes it")));
        List<Series> memory = memory(built, remarks);
        return new Table("How quick and how small is the daemon?", Table.heads("what"), rows, remarks,
                memory);
    }

    private static boolean hasCache(Built built) throws IOException {
        Path folder = built.distribution().resolve("aot");
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.anyMatch(path -> path.toString().endsWith(".aot"));
        }
    }

    private static void version(Built built) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(DaemonHere.program(built), "version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("patchbay version ended with " + process.exitValue());
        }
    }

    private record Start(double millis, Duration cpu) {}

    private static Start untilPing(Built built) throws Exception {
        try (Place place = Place.make()) {
            long begin = System.nanoTime();
            try (var daemon = DaemonHere.patchbay(built, place, "")) {
                double millis = (System.nanoTime() - begin) / 1e6;
                return new Start(millis, daemon.process().info().totalCpuDuration().orElse(Duration.ZERO));
            }
        }
    }

    private static List<Series> memory(Built built, List<Remark> remarks) throws Exception {
        try (Place place = Place.make(); var daemon = DaemonHere.patchbay(built, place, "")) {
            long pid = daemon.process().pid();
            idle();
            double empty = Machine.residentBytes(pid) / MB;
            fill(place, built.sampleContext());
            double busy = Machine.residentBytes(pid) / MB;
            idle();
            double idle = Machine.residentBytes(pid) / MB;
            remarks.add(Table.verdict("resident memory, idle with " + PLUGINS + " running plugins", idle,
                    WANTED_MB, "MB"));
            remarks.add(Remark.of(String.format(Locale.ROOT,
                    "the same process without a plugin: %.2f MB; right after the last enable: %.2f MB",
                    empty, busy)));
            return List.of(Series.of("resident memory, idle", Unit.MEGABYTES, List.of(idle)),
                    Series.of("resident memory without a plugin", Unit.MEGABYTES, List.of(empty)));
        }
    }

    private static void fill(Place place, byte[] context) throws IOException {
        for (int number = 0; number < PLUGINS; number++) {
            String name = "sample" + number;
            UnixHttp.once(place.socket(), "POST", "/v1.44/plugins/create?name=" + name, context);
            UnixHttp.once(place.socket(), "POST", "/v1.44/plugins/" + name + "/enable?timeout=60", NOTHING);
        }
    }

    private static void idle() {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
    }
}
