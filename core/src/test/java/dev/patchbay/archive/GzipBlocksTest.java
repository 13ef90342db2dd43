package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.archive.BlockDeflater.Block;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways to pack gzip: the JDK's, and ISA-L's where it is installed, as it is for these tests. */
class GzipBlocksTest {
    private static final int BLOCK = GzipBlocks.BLOCK_BYTES;
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int SEEDS = 40;
    private static final int CLOSES = 100;

    static Stream<Named<Supplier<BlockDeflater>>> ways() {
        return Stream.of(Named.of("JDK", JdkBlocks::new), Named.of("ISA-L", () -> new IsalBlocks(isal())));
    }

    private static IsalDeflate isal() {
        return IsalDeflate.ofThisHost()
                .orElseThrow(() -> new AssertionError("libisal2, which make deps-test installs"));
    }

    @Test
    void takesTheLibraryWhereItIs() {
        try (var deflater = BlockDeflater.ofThisHost()) {
            assertThat(deflater).isInstanceOf(IsalBlocks.class);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void packsOneMemberThatEverybodyUnpacksAtEveryEdge(Supplier<BlockDeflater> way) throws Exception {
        for (int length : new int[]{0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 77}) {
            for (byte[] plain : List.of(new byte[length], noise(length, length), text(length, length))) {
                byte[] packed = packed(plain, way.get(), Runnable::run);

                assertThat(unpackedMember(packed, length)).as("%d bytes", length).isEqualTo(plain);
                assertThat(unpackedByJdk(packed)).as("%d bytes", length).isEqualTo(plain);
                assertThat(packed.length).as("%d bytes", length).isLessThan(length + length / 1000 + 200);
                testWithGzip(packed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void packsAnythingHoweverItIsWritten(Supplier<BlockDeflater> way) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            byte[] plain = mixed(random, random.nextInt(4 * BLOCK));
            var packed = new ByteArrayOutputStream();
            try (var gzip = new GzipBlocks(packed, Runnable::run, way.get())) {
                for (int at = 0; at < plain.length;) {
                    int count = Math.min(plain.length - at,
                            1 + random.nextInt(random.nextBoolean() ? 600 : 2 * BLOCK));
                    gzip.write(plain, at, count);
                    at += count;
                }
                gzip.finish();
            }
            assertThat(unpackedMember(packed.toByteArray(), plain.length)).as("seed %d", seed)
                    .isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void packsWhatRepeatsSmall(Supplier<BlockDeflater> way) throws IOException {
        assertThat(packed(new byte[8 * BLOCK], way.get(), Runnable::run)).hasSizeLessThan(BLOCK / 10);
        byte[] text = text(4 * BLOCK, 1);
        assertThat(packed(text, way.get(), Runnable::run)).hasSizeLessThan(text.length / 2);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void refersToTheBlockBefore(Supplier<BlockDeflater> way) throws Exception {
        byte[] repeated = noise(16 * 1024, 3);
        byte[] plain = new byte[BLOCK + repeated.length];
        System.arraycopy(noise(BLOCK, 4), 0, plain, 0, BLOCK);
        System.arraycopy(repeated, 0, plain, BLOCK - repeated.length, repeated.length);
        System.arraycopy(repeated, 0, plain, BLOCK, repeated.length);
        byte[] packed = packed(plain, way.get(), Runnable::run);

        assertThat(packed).hasSizeLessThan(BLOCK + repeated.length / 8);
        assertThat(unpackedMember(packed, plain.length)).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void makesTheSameBytesWhereverItIsPacked(Supplier<BlockDeflater> way) throws IOException {
        byte[] plain = mixed(new Random(5), 20 * BLOCK + 5);
        byte[] alone = packed(plain, way.get(), Runnable::run);
        try (var few = Executors.newFixedThreadPool(3);
                var many = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(packed(plain, way.get(), few)).isEqualTo(alone);
            assertThat(packed(plain, way.get(), many)).isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void makesTheSameOfABlockWhateverWasPackedBefore(Supplier<BlockDeflater> way) {
        byte[] window = noise(BlockDeflater.WINDOW_BYTES, 1);
        var blocks = new ArrayList<Block>();
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            byte[] bytes = mixed(random, random.nextInt(BLOCK));
            blocks.add(new Block(bytes, bytes.length, random.nextBoolean() ? window : new byte[0],
                    random.nextBoolean()));
        }
        try (var one = way.get()) {
            for (Block block : blocks) {
                byte[] then = one.deflate(block);
                try (var fresh = way.get()) {
                    assertThat(then).isEqualTo(fresh.deflate(block));
                }
            }
        }
    }

    @Test
    void compressesNoBlockThatNobodyTakesAnyMore() throws IOException {
        Deque<Runnable> waiting = new ArrayDeque<>();
        var compressed = new ArrayList<Block>();
        try (var gzip = new GzipBlocks(new ByteArrayOutputStream(), waiting::add, new Counting(compressed))) {
            gzip.write(new byte[4 * BLOCK]);
            waiting.remove().run();
        }
        assertThat(waiting).hasSize(3);
        waiting.forEach(Runnable::run);

        assertThat(compressed).hasSize(1);
    }

    @Test
    void compressesNoBlockOfAStreamThatWasInterruptedWhileItWaited() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        var compressed = new ArrayList<Block>();
        try (var gzip = new GzipBlocks(new ByteArrayOutputStream(), waiting::add, new Counting(compressed))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> gzip.write(new byte[20 * BLOCK]))
                    .isInstanceOf(ArchiveCancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(waiting).hasSizeGreaterThan(1);
        waiting.forEach(Runnable::run);

        assertThat(compressed).isEmpty();
    }

    /** RFC 1952: ISIZE is the length of the input modulo 2^32. */
    @Test
    void saysTheLengthOfMoreThanTheTrailerHasRoomFor() throws IOException {
        int blocks = 16 * 1024 + 1;
        byte[] block = new byte[BLOCK];
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GzipBlocks(packed, Runnable::run, new Forgetting())) {
            for (int i = 0; i < blocks; i++) {
                gzip.write(block);
            }
            gzip.write(new byte[]{1, 2, 3});
            gzip.finish();
        }
        int length = ByteBuffer.wrap(packed.toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(packed.size() - Integer.BYTES);
        assertThat(length).isEqualTo(BLOCK + 3);
    }

    @Test
    void closesItsDeflater() {
        var counting = new Counting(new ArrayList<>());
        new GzipBlocks(new ByteArrayOutputStream(), Runnable::run, counting).close();

        assertThat(counting.closed).isTrue();
    }

    @Test
    void freesItsMemoryWhenClosedAndTakesNothingMore() {
        var block = new Block(new byte[9], 9, new byte[0], true);
        var states = new States();
        var blocks = new IsalBlocks(isal(), states);
        blocks.deflate(block);
        blocks.deflate(block);
        assertThat(states.made).singleElement().matches(state -> !state.isFree());
        blocks.close();
        blocks.close();

        assertThat(states.made).singleElement().matches(IsalDeflate.State::isFree);
        assertThatThrownBy(() -> blocks.deflate(block)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void freesItsMemoryOnceTheLastThreadHasCompressed() throws InterruptedException {
        byte[] bytes = mixed(new Random(6), BLOCK);
        var block = new Block(bytes, bytes.length, new byte[0], true);
        byte[] expected;
        try (var alone = new IsalBlocks(isal())) {
            expected = alone.deflate(block);
        }
        var states = new States();
        int finished = 0;
        for (int round = 0; round < CLOSES; round++) {
            finished += finishedBesideClose(new IsalBlocks(isal(), states), block, expected);
        }
        assertThat(states.made).isNotEmpty().allMatch(IsalDeflate.State::isFree);
        assertThat(finished).as("some were compressing when it was closed").isPositive();
    }

    /** How many of two threads got their block, which nobody may have touched meanwhile. */
    private static int finishedBesideClose(IsalBlocks blocks, Block block, byte[] expected)
            throws InterruptedException {
        var begun = new CountDownLatch(2);
        List<Future<byte[]>> packed = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (int thread = 0; thread < 2; thread++) {
                packed.add(threads.submit(() -> {
                    begun.countDown();
                    return blocks.deflate(block);
                }));
            }
            begun.await();
            blocks.close();
        }
        int finished = 0;
        for (Future<byte[]> one : packed) {
            if (one.state() == Future.State.SUCCESS) {
                assertThat(one.resultNow()).isEqualTo(expected);
                finished++;
            } else {
                assertThat(one.exceptionNow()).isInstanceOf(IllegalStateException.class);
            }
        }
        return finished;
    }

    private static byte[] packed(byte[] plain, BlockDeflater way, Executor executor) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GzipBlocks(packed, executor, way)) {
            gzip.write(plain);
            gzip.finish();
        }
        return packed.toByteArray();
    }

    /** The content of one member after which nothing comes. */
    private static byte[] unpackedMember(byte[] packed, int length) throws DataFormatException {
        var inflater = new Inflater(true);
        try {
            inflater.setInput(packed, HEADER_BYTES, packed.length - HEADER_BYTES);
            byte[] plain = new byte[length + 1];
            int count = inflater.inflate(plain);
            assertThat(inflater.finished()).isTrue();
            assertThat(inflater.getRemaining()).isEqualTo(TRAILER_BYTES);
            return Arrays.copyOf(plain, count);
        } finally {
            inflater.end();
        }
    }

    private static byte[] unpackedByJdk(byte[] packed) throws IOException {
        try (var stream = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return stream.readAllBytes();
        }
    }

    private static void testWithGzip(byte[] packed) throws Exception {
        Process gzip = new ProcessBuilder("gzip", "-t").redirectErrorStream(true).start();
        try (var in = gzip.getOutputStream()) {
            in.write(packed);
        }
        String said = new String(gzip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(gzip.waitFor()).as(said).isZero();
    }

    private static byte[] noise(int length, long seed) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private static byte[] text(int length, long seed) {
        var random = new Random(seed);
        byte[] text = new byte[length];
        for (int at = 0; at < length; at++) {
            text[at] = (byte) (random.nextInt(4) == 0
                    ? ' '
                    : 'a' + Integer.numberOfTrailingZeros(random.nextInt() | 1 << 20));
        }
        return text;
    }

    /** Noise, zeros, text and repetitions at every distance that the format has, in pieces. */
    private static byte[] mixed(Random random, int length) {
        byte[] mixed = new byte[length];
        for (int at = 0; at < length;) {
            int count = Math.min(length - at, 1 + random.nextInt(20_000));
            int distance = 1 + random.nextInt(Math.max(1, Math.min(at, 33_000)));
            switch (random.nextInt(4)) {
                case 0 -> System.arraycopy(noise(count, random.nextLong()), 0, mixed, at, count);
                case 1 -> System.arraycopy(text(count, random.nextLong()), 0, mixed, at, count);
                case 2 -> {
                    for (int i = at; i < at + count && at > 0; i++) {
                        mixed[i] = mixed[i - distance];
                    }
                }
                default -> {
                } // zeros
            }
            at += count;
        }
        return mixed;
    }

    /** Makes nothing of a block, which takes no time. */
    private static final class Forgetting implements BlockDeflater {
        @Override
        public byte[] deflate(Block block) {
            return new byte[0];
        }

        @Override
        public void close() {
            // it has nothing
        }
    }

    private static final class Counting implements BlockDeflater {
        private final List<Block> compressed;
        private boolean closed;

        Counting(List<Block> compressed) {
            this.compressed = compressed;
        }

        @Override
        public byte[] deflate(Block block) {
            compressed.add(block);
            return new byte[0];
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class States implements Supplier<IsalDeflate.State> {
        private final List<IsalDeflate.State> made = Collections.synchronizedList(new ArrayList<>());

        @Override
        public IsalDeflate.State get() {
            var state = new IsalDeflate.State();
            made.add(state);
            return state;
        }
    }
}
