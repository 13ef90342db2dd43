package dev.patchbay.benchmarks.micro;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.archive.LayerExtractor;
import dev.patchbay.archive.Ownership;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
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
 * How long does it take to unpack a layer of 1,000 files in 50 folders, 20 MB in all, beside a loop over
 * {@code TarArchiveInputStream} that writes what it finds where it says?
 *
 * <p>In memory ({@code /dev/shm}), so that no disk is part of it. The loop keeps no owner, no time and no attribute, looks at
 * no limit, and follows any link out of the folder: it is what is written first, and what must not be shipped.
 */
@Question("How long does unpacking 1,000 files take?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class UnpackBenchmark {
    private static final int FOLDERS = 50;
    private static final int FILES = 20;
    private static final int BYTES = 20_000;

    private byte[] tar = {};

    /** Makes the layer up. */
    @Setup(Level.Trial)
    public void make() throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] content = new byte[BYTES];
        new Random(1).nextBytes(content);
        try (var archive = new TarArchiveOutputStream(out)) {
            for (int folder = 0; folder < FOLDERS; folder++) {
                archive.putArchiveEntry(new TarArchiveEntry("usr/lib/folder" + folder + "/"));
                archive.closeArchiveEntry();
                for (int file = 0; file < FILES; file++) {
                    var entry = new TarArchiveEntry("usr/lib/folder" + folder + "/file" + file);
                    entry.setSize(BYTES);
                    archive.putArchiveEntry(entry);
                    archive.write(content);
                    archive.closeArchiveEntry();
                }
            }
        }
        tar = out.toByteArray();
    }

    /** As layers are unpacked. */
    @Benchmark
    @Beside("naive")
    public void extract(FreshFolder target) throws IOException {
        new LayerExtractor(ArchiveLimits.DEFAULT, Ownership.ofThisProcess()).extract(
                new ByteArrayInputStream(tar),
                target.path());
    }

    /** As it is written first. */
    @Benchmark
    public void naive(FreshFolder target) throws IOException {
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path path = target.path().resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.copy(in, path);
                }
            }
        }
    }
}
