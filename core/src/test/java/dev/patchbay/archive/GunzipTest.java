package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways to unpack gzip: the JDK's, and ISA-L's where it is installed, as it is for these tests. */
class GunzipTest {
    private static final int SEEDS = 60;
    private static final int HEADER_BYTES = 10;

    static Stream<Optional<Isal>> ways() {
        assertThat(Isal.ofThisHost()).as("libisal2, which make deps-test installs").isPresent();
        return Stream.of(Optional.empty(), Isal.ofThisHost());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void givesBackWhatWasPackedHoweverItWasPackedAndHoweverItArrives(Optional<Isal> way) throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            byte[] plain = plain(random, random.nextInt(600_000));
            byte[] packed = member(plain, random.nextInt(10), random.nextInt(3));
            assertThat(unpacked(new Dribble(packed, random), way)).as("seed %d", seed).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void givesMembersOneAfterTheOtherAndLeavesOutWhatFollowsThem(Optional<Isal> way) throws IOException {
        for (byte[] tail : new byte[][]{{}, {0}, {0x1f}, {0, 0, 0}, {0x1f, 0}, {'t', 'a', 'i', 'l'}}) {
            var packed = new ByteArrayOutputStream();
            var plain = new ByteArrayOutputStream();
            var random = new Random(tail.length);
            for (int length : new int[]{0, 1, 70_000, 0, 0, 300_000, 5}) {
                byte[] piece = plain(random, length);
                plain.write(piece);
                packed.write(member(piece, Deflater.BEST_SPEED, Deflater.DEFAULT_STRATEGY));
            }
            packed.write(tail);
            assertThat(unpacked(new Dribble(packed.toByteArray(), random), way))
                    .isEqualTo(plain.toByteArray());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void readsHeadersWithEveryFieldThereIs(Optional<Isal> way) throws IOException {
        byte[] plain = plain(new Random(1), 1000);
        byte[] simple = member(plain, Deflater.BEST_COMPRESSION, Deflater.DEFAULT_STRATEGY);
        var packed = new ByteArrayOutputStream();
        byte[] fixed = Arrays.copyOf(simple, HEADER_BYTES);
        fixed[3] = 0x1e; // FHCRC, FEXTRA, FNAME, FCOMMENT
        packed.write(fixed);
        packed.write(new byte[]{3, 0, 'x', 'y', 'z'});
        packed.write("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        var crc = new CRC32();
        crc.update(packed.toByteArray());
        packed.write((int) crc.getValue());
        packed.write((int) (crc.getValue() >> 8));
        packed.write(simple, HEADER_BYTES, simple.length - HEADER_BYTES);
        assertThat(unpacked(new Dribble(packed.toByteArray(), new Random(2)), way)).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void refusesStreamsThatAreCutOffAnywhere(Optional<Isal> way) {
        byte[] packed = member(plain(new Random(3), 900), Deflater.BEST_SPEED, Deflater.DEFAULT_STRATEGY);
        for (int length = 4; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            assertThatThrownBy(() -> unpacked(new ByteArrayInputStream(cut), way)).as("%d bytes", length)
                    .isInstanceOf(MalformedArchiveException.class)
                    .hasMessageMatching(".*its gzip (header is broken|stream is (cut off|broken.*))");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void givesNeverOtherBytesThanThosePackedWhicheverBitIsWrong(Optional<Isal> way) {
        byte[] plain = plain(new Random(4), 700);
        byte[] packed = member(plain, Deflater.BEST_COMPRESSION, Deflater.DEFAULT_STRATEGY);
        for (int bit = 16; bit < packed.length * 8; bit++) {
            byte[] bad = packed.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(unpacked(new ByteArrayInputStream(bad), way)).as("bit %d", bit).isEqualTo(plain);
            } catch (IOException e) {
                assertThat(e).as("bit %d", bit).isInstanceOf(MalformedArchiveException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void survivesAnythingThatBeginsLikeAStream(Optional<Isal> way) {
        for (int seed = 0; seed < 5_000; seed++) {
            var random = new Random(seed);
            byte[] noise = new byte[20 + random.nextInt(2_000)];
            random.nextBytes(noise);
            System.arraycopy(new byte[]{0x1f, (byte) 0x8b, 8, 0}, 0, noise, 0, 4);
            if (random.nextBoolean()) { // most noise is refused at once: let the first block be a good one
                noise[HEADER_BYTES] = (byte) ((noise[HEADER_BYTES] & 0xf8) | 4);
            }
            assertThatThrownBy(() -> unpacked(new Dribble(noise, random), way)).as("seed %d", seed)
                    .isInstanceOf(MalformedArchiveException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void saysWhatTheSourceFailedWith(Optional<Isal> way) {
        byte[] packed = member(plain(new Random(5), 100_000), Deflater.BEST_SPEED, Deflater.DEFAULT_STRATEGY);
        for (int length : new int[]{6, 1000, packed.length - 3, packed.length}) {
            var source = new FailingStream(Arrays.copyOf(packed, length), new IOException("line broken"));
            assertThatThrownBy(() -> unpacked(source, way)).hasMessage("line broken");
        }
    }

    @Test
    void refusesEndlesslyManyEmptyMembersBeforeTheStackOverflows() {
        // The JDK calls itself for each of them.
        assertThatThrownBy(() -> unpacked(manyEmptyMembers(), Optional.empty()))
                .isInstanceOf(MalformedArchiveException.class)
                .hasMessageContaining("too many empty members");
    }

    @Test
    void goesThroughEndlesslyManyEmptyMembersWithIsal() throws IOException {
        assertThat(unpacked(manyEmptyMembers(), Isal.ofThisHost())).isEqualTo(new byte[]{7});
    }

    private static InputStream manyEmptyMembers() {
        var bytes = new ByteArrayOutputStream();
        byte[] empty = member(new byte[0], Deflater.BEST_SPEED, Deflater.DEFAULT_STRATEGY);
        for (int i = 0; i < 100_000; i++) {
            bytes.writeBytes(empty);
        }
        bytes.writeBytes(member(new byte[]{7}, Deflater.BEST_SPEED, Deflater.DEFAULT_STRATEGY));
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    void takesNothingMoreOnceClosed() throws IOException {
        InputStream stream = Isal.ofThisHost()
                .orElseThrow()
                .gunzip(new ByteArrayInputStream(
                        member(new byte[9], Deflater.BEST_SPEED, Deflater.DEFAULT_STRATEGY)));
        stream.close();
        stream.close();
        assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasMessage("the stream is closed");
    }

    private static byte[] unpacked(InputStream packed, Optional<Isal> way) throws IOException {
        try (InputStream stream = Decompression.open(packed, way)) {
            return stream.readAllBytes();
        }
    }

    private static byte[] plain(Random random, int length) {
        byte[] plain = new byte[length];
        for (int at = 0; at < length;) {
            int end = Math.min(length, at + 1 + random.nextInt(5_000));
            int distance = 1 + random.nextInt(33_000);
            int kind = random.nextInt(4);
            for (; at < end; at++) {
                plain[at] = switch (kind) {
                    case 0 -> (byte) 0;
                    case 1 -> (byte) random.nextInt();
                    case 2 -> at < distance ? (byte) 120 : plain[at - distance];
                    default -> (byte) ('a' + Integer.numberOfTrailingZeros(random.nextInt() | 1 << 20));
                };
            }
        }
        return plain;
    }

    private static byte[] member(byte[] plain, int level, int strategy) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed) {
            {
                def.setLevel(level);
                def.setStrategy(strategy);
            }
        }) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("memory is never full", e);
        }
        return packed.toByteArray();
    }

    /** Gives a few bytes at a time. */
    private static final class Dribble extends InputStream {
        private final InputStream bytes;
        private final Random random;

        Dribble(byte[] bytes, Random random) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() throws IOException {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int most = 1 + random.nextInt(random.nextBoolean() ? 3 : 90_000);
            return bytes.read(target, offset, Math.min(length, most));
        }
    }
}
