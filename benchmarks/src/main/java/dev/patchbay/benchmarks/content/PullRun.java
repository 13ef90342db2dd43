package dev.patchbay.benchmarks.content;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.HeapWatch;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Programs;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.registry.RegistryProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * How long does it take to pull and unpack a plugin of 830 MB from a registry on loopback, against dockerd and against the
 * least that can be done with the bytes?
 *
 * <p>Both daemons are asked by the same client, {@code docker plugin install --disable}, and fetch everything each time:
 * after each pull the plugin is removed and its blobs are collected, and the registry's log must show that each layer
 * was asked for. The inodes of its files stay in use (see {@link KeptInodes}). The ways alternate. Patchbay answers when all is on the disk, dockerd does not wait for that; both begin
 * with no writes pending. The least is one thread of this JVM, which has the daemon's options, that unpacks the layers
 * (gunzip) or hashes them (sha256) and does nothing else.
 */
public final class PullRun implements LoadRun {
    private static final int[] LAYER_COUNTS = {1, 5};
    private static final int WARM_UPS = 1;
    private static final int ROUNDS = 5;
    private static final double WANTED_OF_DOCKERD = 0.5;
    private static final double WANTED_OF_LEAST = 1.3;
    private static final double WANTED_HEAP_MIB = 64;
    private static final int BUFFER = 64 * 1024;
    private static final double MB = 1e6;

    private static final String PATCHBAY = "patchbay";
    private static final String DOCKERD = "dockerd";
    private static final String GUNZIP = "one thread: gunzip";
    private static final String SHA256 = "one thread: sha256";

    @Override
    public Table measure(Built built) throws Exception {
        var rows = new ArrayList<Row>();
        var remarks = new ArrayList<Remark>();
        if (Programs.dockerd().isEmpty()) {
            remarks.add(
                    Remark.of("nothing is compared with dockerd, which is not installed: make deps-peers"));
        }
        try (Place place = Place.make(); var registry = RegistryProcess.start(Optional.empty())) {
            var inodes = new KeptInodes();
            for (int count : LAYER_COUNTS) {
                var plugin = BigPlugin.make(place.folder().resolve("l" + count), count, BigPlugin.FILES);
                String name = "bench/big" + count;
                RegistryUpload.publish(plugin, registry.address(), name, "1");
                var source = new Source(plugin, registry, registry.address() + "/" + name + ":1", inodes);
                measure(built, source, rows, remarks);
            }
        }
        return new Table("How long does it take to pull and unpack " + BigPlugin.FILES + " files?",
                Table.heads("what"), rows, remarks);
    }

    /** What is pulled, and from where. */
    private record Source(BigPlugin plugin, RegistryProcess registry, String reference, KeptInodes inodes) {
        Puller by(DaemonHere daemon) {
            return new Puller(daemon, plugin, registry, reference, inodes);
        }
    }

    /** One way to be timed, and what takes back what it did. */
    private record Way(Timed timed, Timings.Work undone) {}

    @FunctionalInterface
    private interface Timed {
        double millis() throws Exception;
    }

    private static void measure(Built built, Source source, List<Row> rows, List<Remark> remarks)
            throws Exception {
        try (Place ours = Place.make()) {
            Path log = ours.folder().resolve("gc");
            try (var daemon = DaemonHere.patchbay(built, ours, HeapWatch.option(log))) {
                var memory = new Memory(source.by(daemon), log);
                tell(source.plugin(), compared(source, memory), rows, remarks);
                remarks.add(
                        Table.verdict("heap growth during a pull, " + layers(source.plugin()), memory.heap,
                                WANTED_HEAP_MIB, "MiB"));
                remarks.add(
                        Remark.of(String.format(Locale.ROOT, "resident memory grew by at most %.0f MiB, %s",
                                memory.resident, layers(source.plugin()))));
            }
        }
    }

    /** Pulls, and keeps how much more memory the worst of the pulls took. */
    private static final class Memory {
        private final Puller puller;
        private final Path log;
        private double heap;
        private double resident;

        Memory(Puller puller, Path log) {
            this.puller = puller;
            this.log = log;
        }

        double timedPull() throws Exception {
            var watch = HeapWatch.begin(puller.daemon().process().pid(), log);
            double millis = puller.timedPull();
            heap = Math.max(heap, watch.growth());
            resident = Math.max(resident, watch.residentGrowth());
            return millis;
        }
    }

    private static Map<String, Timings> compared(Source source, Memory patchbay) throws Exception {
        var ways = new LinkedHashMap<String, Way>();
        ways.put(PATCHBAY, new Way(patchbay::timedPull, patchbay.puller::forgetAndCollect));
        ways.put(GUNZIP, new Way(() -> Timings.millisOf(() -> gunzip(source.plugin())), () -> {}));
        ways.put(SHA256, new Way(() -> Timings.millisOf(() -> sha256(source.plugin())), () -> {}));
        Optional<String> dockerd = Programs.dockerd();
        if (dockerd.isEmpty()) {
            return rounds(ways);
        }
        try (Place theirs = Place.make(); var daemon = DaemonHere.dockerd(dockerd.get(), theirs)) {
            Puller peer = source.by(daemon);
            ways.put(DOCKERD, new Way(peer::timedPull, peer::forget));
            return rounds(ways);
        }
    }

    private static Map<String, Timings> rounds(Map<String, Way> ways) throws Exception {
        var taken = new LinkedHashMap<String, Timings.Builder>();
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                Settling.settle();
                double millis = way.getValue().timed().millis();
                way.getValue().undone().run();
                if (round >= WARM_UPS) {
                    taken.computeIfAbsent(way.getKey(), _ -> new Timings.Builder()).add(millis);
                }
            }
        }
        var timings = new LinkedHashMap<String, Timings>();
        taken.forEach((way, builder) -> timings.put(way, builder.build()));
        return timings;
    }

    private static void tell(BigPlugin plugin, Map<String, Timings> timings, List<Row> rows,
            List<Remark> remarks) throws IOException {
        String layers = layers(plugin);
        timings.forEach(
                (way, taken) -> rows.add(Row.of(layers + ", " + way, taken).beside(layers + ", " + DOCKERD)));
        double patchbay = median(timings, PATCHBAY);
        double least = Math.max(median(timings, GUNZIP), median(timings, SHA256));
        remarks.add(Remark.of(String.format(Locale.ROOT, "%s: %.0f MB packed, %.0f MB unpacked", layers,
                plugin.packedBytes() / MB, gunzip(plugin) / MB)));
        if (timings.containsKey(DOCKERD)) {
            remarks.add(Table.verdict("pull against dockerd, " + layers, patchbay / median(timings, DOCKERD),
                    WANTED_OF_DOCKERD, "times"));
        }
        remarks.add(Table.verdict("pull against max(gunzip, sha256), " + layers, patchbay / least,
                WANTED_OF_LEAST,
                "times"));
    }

    private static double median(Map<String, Timings> timings, String way) {
        return Optional.ofNullable(timings.get(way)).orElseThrow().median();
    }

    private static String layers(BigPlugin plugin) {
        int count = plugin.layers().size();
        return count == 1 ? "1 layer" : count + " layers";
    }

    /** @return how many bytes came out */
    private static long gunzip(BigPlugin plugin) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        for (BigPlugin.Layer layer : plugin.layers()) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(layer.file()), BUFFER)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    bytes += count;
                }
            }
        }
        return bytes;
    }

    private static void sha256(BigPlugin plugin) throws Exception {
        byte[] buffer = new byte[BUFFER];
        for (BigPlugin.Layer layer : plugin.layers()) {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            try (InputStream in = Files.newInputStream(layer.file())) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    hash.update(buffer, 0, count);
                }
            }
            if (!layer.digest().endsWith(HexFormat.of().formatHex(hash.digest()))) {
                throw new IOException("the layer is not what was made");
            }
        }
    }
}
