package dev.patchbay.benchmarks.micro;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.archive.ContextSplitter;
import dev.patchbay.archive.Ownership;
import dev.patchbay.archive.PluginContext;
import dev.patchbay.benchmarks.content.BigPlugin;
import dev.patchbay.benchmarks.measure.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to unpack a context of 171 files, 21 MB, and to pack its layer, beside a loop over the library's
 * streams and {@code GZIPOutputStream}?
 *
 * <p>In memory ({@code /dev/shm}), so that no disk is part of it, and on one thread. The loop keeps what {@link
 * UnpackBenchmark}'s keeps, hashes nothing, and packs with the level that {@code GZIPOutputStream} has.
 */
@Question("How long does making a plugin of a context of 21 MB take, without disk?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class ContextBenchmark {
    private static final int FILES = 171;

    private byte[] context = {};

    /** Makes the context up. */
    @Setup(Level.Trial)
    public void make() throws IOException {
        try (Place place = Folders.inMemory()) {
            Path file = place.folder().resolve("context");
            BigPlugin.writeContext(file, "{}".getBytes(StandardCharsets.UTF_8), FILES);
            context = Files.readAllBytes(file);
        }
    }

    /** As contexts are taken. */
    @Benchmark
    @Beside("naive")
    public PluginContext split(FreshFolder target) throws IOException {
        var splitter = new ContextSplitter(ArchiveLimits.DEFAULT, Ownership.ofThisProcess(), Runnable::run);
        return splitter.split(new ByteArrayInputStream(context), target.path(),
                OutputStream.nullOutputStream());
    }

    /** As it is written first. */
    @Benchmark
    public void naive(FreshFolder target) throws IOException {
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(context));
                var layer = new TarArchiveOutputStream(
                        new GZIPOutputStream(OutputStream.nullOutputStream()))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path path = target.path().resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(Objects.requireNonNull(path.getParent()));
                    Files.copy(in, path);
                    layer.putArchiveEntry(entry);
                    Files.copy(path, layer);
                    layer.closeArchiveEntry();
                }
            }
        }
    }
}
