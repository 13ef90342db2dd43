package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to hash 16 MiB with SHA-256, does the size of the pieces matter, and what does the program {@code
 * sha256sum} take for the same file?
 *
 * <p>The pieces are those that streams are read in here and elsewhere; {@code sha256sum} reads 32 KiB at a time.
 */
@Question("How long does hashing 16 MiB take?")
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class DigestBenchmark {
    /** What is hashed. */
    @State(Scope.Benchmark)
    public static class Content {
        private static final int BYTES = 16 << 20;

        private final byte[] bytes = new byte[BYTES];
        private final Place place = Folders.inMemory();

        /** Makes it up, and writes it to memory. */
        @Setup(Level.Trial)
        public void make() throws IOException {
            new Random(1).nextBytes(bytes);
            Files.write(file(), bytes);
        }

        private Path file() {
            return place.folder().resolve("content");
        }

        /** Deletes it. */
        @TearDown(Level.Trial)
        public void delete() {
            Folders.delete(place);
        }
    }

    /** How much is hashed at a time. */
    @State(Scope.Benchmark)
    public static class Piece {
        /** In KiB. */
        @Param({"8", "32", "128", "1024"})
        public int kibibytes = 32;
    }

    /** All at once. */
    @Benchmark
    @Beside("program")
    public Digest whole(Content content) {
        return Digest.sha256(content.bytes);
    }

    /** Piece by piece. */
    @Benchmark
    public Digest pieces(Content content, Piece piece) throws IOException {
        MessageDigest hash = Digest.Algorithm.SHA256.newMessageDigest();
        byte[] buffer = new byte[piece.kibibytes << 10];
        try (InputStream in = new ByteArrayInputStream(content.bytes)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return Digest.of(Digest.Algorithm.SHA256, hash.digest());
    }

    /** By the program, its start included. */
    @Benchmark
    public String program(Content content) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sha256sum", content.file().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader()) {
            String said = String.valueOf(out.readLine());
            if (process.waitFor() != 0) {
                throw new IOException("sha256sum ended with " + process.exitValue());
            }
            return said;
        }
    }
}
