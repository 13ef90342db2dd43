package dev.patchbay.benchmarks.embed;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.EngineHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Remark;
import dev.patchbay.benchmarks.measure.Row;
import dev.patchbay.benchmarks.measure.Series;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.Unit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/**
 * What does embedding cost a host: how much later does it serve with 50 plugins installed, and how much more of its heap is in
 * use with 50 plugins running?
 *
 * <p>The baseline is the same host without an engine, a Reactor Netty server in a fresh JVM with the same flags; both alternate.
 * Once the engine opens before the server begins to listen, as a host does that cares for nothing, and once beside that. The same
 * again with a class cache (JEP 514) for each of them, which a host has that is packed with one.
 */
public final class EmbedRun implements LoadRun {
    private static final int PLUGINS = 50;
    private static final int STARTS = 10;
    private static final double WANTED_MS = 300;
    private static final double WANTED_MB = 30;
    private static final double MB = 1e6;

    @Override
    public Table measure(Built built) throws Exception {
        try (Place place = Place.make()) {
            install(built, place);
            String folder = place.folder().toString();
            var bare = new Host.Kind(List.of(), List.of());
            var bareCached = cached(place, "bare");
            var plain = Starts.of(bare, new Host.Kind(List.of(), List.of(folder)));
            var beside = Starts.of(bare, new Host.Kind(List.of(), List.of(folder, EmbedHost.BESIDE)));
            var cached = Starts.of(bareCached, cached(place, "engine", folder));
            var cachedBeside = Starts.of(bareCached, cached(place, "beside", folder, EmbedHost.BESIDE));
            double heapBytes = heap(List.of(folder)) - heap(List.of());
            return new Table("What does embedding the engine cost a host, with " + PLUGINS + " plugins?",
                    Table.heads("what"),
                    Stream.of(plain.rows(""), beside.rows(", opened beside it"),
                            cached.rows(", with a class cache"),
                            cachedBeside.rows(", with a class cache, opened beside it"))
                            .flatMap(List::stream)
                            .toList(),
                    List.of(later("start, at the median of pairs", plain),
                            later("the same, opened beside it", beside),
                            later("the same with a class cache", cached),
                            later("the same with a class cache, opened beside it", cachedBeside),
                            Table.verdict("heap with all running", heapBytes / MB, WANTED_MB, "MB")),
                    List.of(Series.of("heap with all running", Unit.MEGABYTES, List.of(heapBytes / MB))));
        }
    }

    private static Remark later(String what, Starts starts) {
        return Table.verdict(what, starts.later().median(), WANTED_MS, "ms");
    }

    private static void install(Built built, Place place) throws IOException {
        byte[] context = built.sampleContext();
        try (var engine = EngineHere.open(place)) {
            for (int number = 0; number < PLUGINS; number++) {
                engine.plugins()
                        .create("embedded" + number, Flux.just(ByteBuffer.wrap(context)))
                        .block(EngineHere.PATIENCE);
            }
        }
    }

    /** A host that has a class cache, which is made. */
    private static Host.Kind cached(Place place, String name, String... arguments) throws IOException {
        Path cache = place.folder().resolve(name + ".aot");
        // Its complaints would come where the host speaks.
        Host.start(new Host.Kind(List.of("-Xlog:disable", "-XX:AOTCacheOutput=" + cache), List.of(arguments)))
                .close();
        if (!Files.exists(cache)) {
            throw new IOException("no class cache was made");
        }
        return new Host.Kind(List.of("-Xlog:disable", "-XX:AOTCache=" + cache), List.of(arguments));
    }

    /**
     * Starts of hosts, in turn.
     *
     * @param later by how much the second one of each pair was later
     */
    private record Starts(Timings bare, Timings embedded, Timings later) {
        static Starts of(Host.Kind bareHost, Host.Kind withEngine) throws IOException {
            var bare = new Timings.Builder();
            var embedded = new Timings.Builder();
            var later = new Timings.Builder();
            for (int start = 0; start <= STARTS; start++) {
                double without = untilReady(bareHost);
                double with = untilReady(withEngine);
                if (start > 0) { // the first reads the disk
                    bare.add(without);
                    embedded.add(with);
                    later.add(with - without);
                }
            }
            return new Starts(bare.build(), embedded.build(), later.build());
        }

        List<Row> rows(String how) {
            String baseline = "bare host, from its process's start until it serves" + how;
            return List.of(Row.of(baseline, bare),
                    Row.of("with the engine" + how, embedded).beside(baseline),
                    Row.of("with the engine, later by" + how, later));
        }

        private static double untilReady(Host.Kind kind) throws IOException {
            long begin = System.nanoTime();
            try (var host = Host.start(kind)) {
                return (host.ready() - begin) / 1e6;
            }
        }
    }

    private static double heap(List<String> arguments) throws Exception {
        try (var host = Host.start(new Host.Kind(List.of(), arguments))) {
            long running = Long.parseLong(host.ask(EmbedHost.ENABLE));
            if (!arguments.isEmpty() && running != PLUGINS) {
                throw new IOException(running + " plugins run, not " + PLUGINS);
            }
            return Double.parseDouble(host.ask(EmbedHost.HEAP));
        }
    }

    /** A host's process. Closing it lets it end by itself, and its plugins. */
    private record Host(Process process, long ready) implements AutoCloseable {
        private static final long PATIENCE_SECONDS = 60;

        /** How a host is started: what its JVM gets besides what all get, and what it gets itself. */
        record Kind(List<String> options, List<String> arguments) {}

        static Host start(Kind kind) throws IOException {
            var line = new ArrayList<>(
                    List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow"));
            line.addAll(kind.options());
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), EmbedHost.class.getName()));
            line.addAll(kind.arguments());
            Process process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String first = process.inputReader().readLine();
            if (!"ready".equals(first)) {
                process.destroyForcibly();
                throw new IOException("the host said " + first);
            }
            return new Host(process, System.nanoTime());
        }

        String ask(String order) throws IOException {
            process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return String.valueOf(process.inputReader().readLine());
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            try {
                var _ = process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                process.destroyForcibly();
                throw new IOException("the host does not end", e);
            }
        }
    }
}
