package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers as they are published: compressed in each way, broken in each way, endless. */
class LayerUnpackerTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    @TempDir
    Path temp;
    Path target;

    /** Ways to pack. */
    enum Packing {
        PLAIN {
            @Override
            OutputStream open(OutputStream out) {
                return out;
            }
        },
        GZIP {
            @Override
            OutputStream open(OutputStream out) throws IOException {
                return new GZIPOutputStream(out);
            }
        },
        ZSTD {
            @Override
            OutputStream open(OutputStream out) throws IOException {
                return new ZstdOutputStreamNoFinalizer(out);
            }
        };

        abstract OutputStream open(OutputStream out) throws IOException;

        byte[] pack(byte[] plain) throws IOException {
            var bytes = new ByteArrayOutputStream();
            try (OutputStream out = open(bytes)) {
                out.write(plain);
            }
            return bytes.toByteArray();
        }
    }

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(temp.resolve("target"));
    }

    @AfterEach
    void stopThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void unpacksAndHashes(Packing packing) throws IOException {
        byte[] content = noise(5_000_000);
        byte[] tar = new TarBuilder().file("a", content, _ -> {}).file("b", "after").bytes();
        MessageDigest hash = Digest.Algorithm.SHA256.newMessageDigest();

        unpacker().unpack(new ByteArrayInputStream(packing.pack(tar)), target, hash);

        assertThat(target.resolve("a")).hasBinaryContent(content);
        assertThat(target.resolve("b")).hasContent("after");
        assertThat(Digest.of(Digest.Algorithm.SHA256, hash.digest())).isEqualTo(Digest.sha256(tar));
    }

    @ParameterizedTest
    @EnumSource
    void readsSeveralMembersAndToTheEnd(Packing packing) throws IOException {
        byte[] tar = new TarBuilder().file("a", "x").file("b", noise(100_000), _ -> {}).bytes();
        byte[] two = joined(packing.pack(Arrays.copyOf(tar, 700)),
                packing.pack(Arrays.copyOfRange(tar, 700, tar.length)));
        var stream = new ByteArrayInputStream(two);

        unpacker().unpack(stream, target);

        assertThat(target.resolve("b")).hasBinaryContent(noise(100_000));
        assertThat(stream.available()).isZero();
    }

    @Test
    void passesOverSkippableFrames() throws IOException {
        byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        byte[] packed = Packing.ZSTD.pack(new TarBuilder().file("a", "x").bytes());

        unpacker().unpack(new ByteArrayInputStream(joined(skippable, packed, skippable)), target);

        assertThat(target.resolve("a")).hasContent("x");
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void refusesWhatIsCutOffAnywhere(Packing packing) throws IOException {
        byte[] packed = packing.pack(new TarBuilder().file("a", noise(3000), _ -> {}).bytes());
        for (int length = 4; length < packed.length; length += 97) {
            var cut = new ByteArrayInputStream(packed, 0, length);
            assertThatThrownBy(() -> unpacker().unpack(cut, target)).as("cut at %d", length)
                    .isInstanceOf(MalformedArchiveException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void findsOneCauseForAnyDamage(Packing packing) throws IOException {
        byte[] packed = packing.pack(new TarBuilder().file("a", "x".repeat(3000)).file("b", "y").bytes());
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] broken = packed.clone();
            broken[4 + random.nextInt(broken.length - 4)] ^= (byte) (1 << random.nextInt(8));
            try {
                unpacker().unpack(new ByteArrayInputStream(broken), target);
            } catch (ArchiveException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void refusesAWindowThatCostsTooMuchMemory() throws IOException {
        byte[] tar = new TarBuilder().file("a", "x").bytes();

        unpacker().unpack(new ByteArrayInputStream(frame(Decompression.ZSTD_WINDOW_LOG, tar)), target);
        assertThat(target.resolve("a")).hasContent("x");
        var larger = new ByteArrayInputStream(frame(Decompression.ZSTD_WINDOW_LOG + 1, tar));
        assertThatThrownBy(() -> unpacker().unpack(larger, target))
                .isInstanceOf(MalformedArchiveException.class)
                .hasMessageContaining("its zstd stream is broken");
    }

    /** A frame of one raw block that asks for a window (RFC 8878, 3.1.1). */
    private static byte[] frame(int windowLog, byte[] content) throws IOException {
        int block = (content.length << 3) | 1;
        byte[] head = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((windowLog - 10) << 3), (byte) block,
                (byte) (block >> 8), (byte) (block >> 16)};
        return joined(head, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BZh91AY", "\u00fd7zXZ"})
    void refusesOtherCompression(String start) {
        byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> unpacker().unpack(new ByteArrayInputStream(bytes), target))
                .isInstanceOf(MalformedArchiveException.class)
                .hasMessageContaining("send it plain, or with gzip or zstd");
    }

    @ParameterizedTest
    @EnumSource
    void stopsABombBehindTheEndOfTheArchive(Packing packing) throws IOException {
        byte[] tar = new TarBuilder().file("a", "x").bytes();
        byte[] bomb = packing.pack(Arrays.copyOf(tar, 4_000_000));
        var unpacker = new LayerUnpacker(ArchiveLimits.DEFAULT.withMaxExpandedBytes(1_000_000),
                Ownership.CURRENT_USER, threads);

        assertThatThrownBy(() -> unpacker.unpack(new ByteArrayInputStream(bomb), target))
                .isInstanceOf(ArchiveLimitException.class)
                .hasMessageContaining("maxExpandedBytes = 1000000");
    }

    @Test
    void stopsABombWithoutReadingItWhole() throws IOException {
        byte[] zeros = new byte[1 << 20];
        byte[] frame = Zstd.compress(zeros);
        var endless = new InputStream() {
            private long at;

            @Override
            public int read() {
                return frame[(int) (at++ % frame.length)] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    bytes[offset + i] = (byte) read();
                }
                return length;
            }
        };
        var unpacker = new LayerUnpacker(ArchiveLimits.DEFAULT.withMaxExpandedBytes(50_000_000),
                Ownership.CURRENT_USER, threads);

        assertThatThrownBy(() -> unpacker.unpack(endless, target)).isInstanceOf(ArchiveLimitException.class);
    }

    @ParameterizedTest
    @EnumSource
    void passesOnAnErrorOfTheSource(Packing packing) throws IOException {
        byte[] packed = packing.pack(new TarBuilder().file("a", noise(50_000), _ -> {}).bytes());
        var failure = new IOException("broken");
        for (int after : new int[]{2, packed.length / 2, packed.length}) {
            InputStream failing = new FailsAfter(new ByteArrayInputStream(packed, 0, after), failure);
            assertThatThrownBy(() -> unpacker().unpack(failing, target)).as("after %d", after)
                    .isSameAs(failure);
        }
    }

    @Test
    void letsGoOfALayerThatHangsWhenInterrupted() throws Exception {
        var hanging = new Hanging();
        var outcome = new AtomicReference<Throwable>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                unpacker().unpack(hanging, target);
            } catch (IOException e) {
                outcome.set(e);
            }
        });
        assertThat(hanging.reading.await(1, TimeUnit.MINUTES)).isTrue();

        thread.interrupt();
        thread.join();

        assertThat(outcome.get()).isInstanceOf(ArchiveCancelledException.class);
        assertThat(hanging.released.getCount()).isZero();
    }

    @Test
    void neverTouchesALayerAfterAFailure() throws IOException {
        byte[] tar = new TarBuilder().file("../a", "x").file("b", noise(4_000_000), _ -> {}).bytes();
        var stream = new FilterInputStream(new ByteArrayInputStream(tar)) {
            private volatile boolean over;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                assertThat(over).isFalse();
                return super.read(bytes, offset, length);
            }
        };

        assertThatThrownBy(() -> unpacker().unpack(stream, target)).isInstanceOf(UnsafeEntryException.class);
        stream.over = true;
    }

    private LayerUnpacker unpacker() {
        return new LayerUnpacker(ArchiveLimits.DEFAULT, Ownership.CURRENT_USER, threads);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(byte[]... parts) throws IOException {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }

    /** Fails where another stream ends, once: after that it only ends. */
    private static final class FailsAfter extends FilterInputStream {
        private final IOException failure;
        private boolean failed;

        FailsAfter(InputStream in, IOException failure) {
            super(in);
            this.failure = failure;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count < 0 && !failed) {
                failed = true;
                throw failure;
            }
            return count;
        }
    }

    /** Waits until it is interrupted. */
    private static final class Hanging extends InputStream {
        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            reading.countDown();
            try {
                new CountDownLatch(1).await();
                return -1;
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            } finally {
                released.countDown();
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }
    }
}
