package dev.patchbay.archive;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of {@link Isal}'s library that compresses ({@code include/igzip_lib.h}, 2.30). What it makes of the same bytes may
 * differ between versions of the library, and between processors. Thread-safe; a {@link State} belongs to one thread at a
 * time.
 *
 * <p>Level {@value State#LEVEL} of 0 to 3: on 100 MB of Debian's programs and scripts it takes a fifth of the time that
 * {@link JdkBlocks} takes, for 4 % more space.
 */
final class IsalDeflate {
    private static final Logger LOG = LoggerFactory.getLogger(IsalDeflate.class);

    private final MethodHandle init;
    private final MethodHandle setWindow;
    private final MethodHandle deflate;

    @SuppressWarnings("restricted") // there is no other way to call a library
    private IsalDeflate(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        init = linker.downcallHandle(Isal.function(library, "isal_deflate_init"),
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        setWindow = linker.downcallHandle(Isal.function(library, "isal_deflate_set_dict"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));
        deflate = linker.downcallHandle(Isal.function(library, "isal_deflate"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /** The library, loaded and tried when first asked for; empty if this host has none that works. */
    static Optional<IsalDeflate> ofThisHost() {
        return Loaded.ISAL;
    }

    /** Compresses a block, whatever the state was used for before. */
    byte[] deflate(State state, BlockDeflater.Block block) {
        begin(state);
        setWindow(state, block.window());
        state.input(block);
        byte[] packed = {};
        do {
            state.emptyOutput();
            check("isal_deflate", call(state));
            packed = state.withOutput(packed);
        } while (state.isOutputFull());
        if (state.availableIn() > 0) {
            throw new IllegalStateException("isal_deflate left " + state.availableIn() + " bytes");
        }
        return packed;
    }

    private void begin(State state) {
        try {
            init.invokeExact(state.memory);
        } catch (Throwable e) {
            throw Isal.failed(e);
        }
        state.chooseLevel();
    }

    private void setWindow(State state, byte[] window) {
        if (window.length == 0) {
            return;
        }
        MemorySegment.copy(window, 0, state.in, ValueLayout.JAVA_BYTE, 0, window.length);
        try {
            check("isal_deflate_set_dict",
                    (int) setWindow.invokeExact(state.memory, state.in, window.length));
        } catch (IllegalStateException e) {
            throw e;
        } catch (Throwable e) {
            throw Isal.failed(e);
        }
    }

    private int call(State state) {
        try {
            return (int) deflate.invokeExact(state.memory);
        } catch (Throwable e) {
            throw Isal.failed(e);
        }
    }

    private static void check(String function, int result) {
        if (result != 0) {
            throw new IllegalStateException(function + " returned " + result);
        }
    }

    /** A {@code struct isal_zstream}, and what it points to. To be freed. */
    static final class State {
        static final int MEBIBYTES = 1;

        private static final int LEVEL = 1;
        // next_in, avail_in, total_in, next_out, avail_out, total_out, hufftables, level, level_buf_size, level_buf,
        // end_of_stream, flush.
        private static final long NEXT_IN = 0;
        private static final long AVAIL_IN = 8;
        private static final long NEXT_OUT = 16;
        private static final long AVAIL_OUT = 24;
        private static final long LEVEL_FIELD = 40;
        private static final long LEVEL_BUFFER_SIZE = 44;
        private static final long LEVEL_BUFFER = 48;
        private static final long END_OF_STREAM = 56;
        private static final long FLUSH = 58;
        // 82 KB are used in 2.30.
        private static final long BYTES = 128 * 1024;
        // ISAL_DEF_LVL1_DEFAULT: 20 KiB, and 4 bytes for each of 64 Ki symbols.
        private static final int LEVEL_BUFFER_BYTES = (20 + 4 * 64) * 1024;
        // More than a block that cannot be compressed takes.
        private static final int OUT_BYTES = GzipBlocks.BLOCK_BYTES + 16 * 1024;
        private static final long CACHE_LINE = 64;

        private static final short NO_FLUSH = 0;
        private static final short SYNC_FLUSH = 1;

        private final Arena arena = Arena.ofShared(); // any thread may be the next one to use it
        private final MemorySegment memory;
        private final MemorySegment levelBuffer;
        private final MemorySegment in;
        private final MemorySegment out;

        /** Takes all its memory at once: if there is none, nothing has to be given back. */
        State() {
            SegmentAllocator parts = SegmentAllocator.slicingAllocator(
                    arena.allocate(BYTES + LEVEL_BUFFER_BYTES + GzipBlocks.BLOCK_BYTES + OUT_BYTES,
                            CACHE_LINE));
            memory = parts.allocate(BYTES, CACHE_LINE);
            levelBuffer = parts.allocate(LEVEL_BUFFER_BYTES, CACHE_LINE);
            in = parts.allocate(GzipBlocks.BLOCK_BYTES, CACHE_LINE);
            out = parts.allocate(OUT_BYTES, CACHE_LINE);
        }

        void free() {
            arena.close();
        }

        boolean isFree() {
            return !arena.scope().isAlive();
        }

        private void chooseLevel() {
            memory.set(ValueLayout.JAVA_INT, LEVEL_FIELD, LEVEL);
            memory.set(ValueLayout.ADDRESS, LEVEL_BUFFER, levelBuffer);
            memory.set(ValueLayout.JAVA_INT, LEVEL_BUFFER_SIZE, LEVEL_BUFFER_BYTES);
        }

        private void input(BlockDeflater.Block block) {
            MemorySegment.copy(block.bytes(), 0, in, ValueLayout.JAVA_BYTE, 0, block.length());
            memory.set(ValueLayout.ADDRESS, NEXT_IN, in);
            memory.set(ValueLayout.JAVA_INT, AVAIL_IN, block.length());
            memory.set(ValueLayout.JAVA_SHORT, END_OF_STREAM, (short) (block.last() ? 1 : 0));
            memory.set(ValueLayout.JAVA_SHORT, FLUSH, block.last() ? NO_FLUSH : SYNC_FLUSH);
        }

        private int availableIn() {
            return memory.get(ValueLayout.JAVA_INT, AVAIL_IN);
        }

        private void emptyOutput() {
            memory.set(ValueLayout.ADDRESS, NEXT_OUT, out);
            memory.set(ValueLayout.JAVA_INT, AVAIL_OUT, OUT_BYTES);
        }

        private byte[] withOutput(byte[] before) {
            int count = OUT_BYTES - memory.get(ValueLayout.JAVA_INT, AVAIL_OUT);
            byte[] bytes = Arrays.copyOf(before, before.length + count);
            MemorySegment.copy(out, ValueLayout.JAVA_BYTE, 0, bytes, before.length, count);
            return bytes;
        }

        /** Whether there may be more to come; if there is room left, everything is out. */
        private boolean isOutputFull() {
            return memory.get(ValueLayout.JAVA_INT, AVAIL_OUT) == 0;
        }
    }

    private static final class Loaded {
        static final Optional<IsalDeflate> ISAL = load();

        private static final int TRIAL_BLOCKS = 4;

        @SuppressWarnings("restricted") // there is no other way to load a library by the name that the system knows
        private static Optional<IsalDeflate> load() {
            try {
                var isal = new IsalDeflate(SymbolLookup.libraryLookup(Isal.LIBRARY, Arena.global()));
                tryOut(isal);
                LOG.debug("gzip is packed with {}", Isal.LIBRARY);
                return Optional.of(isal);
            } catch (IllegalArgumentException e) {
                LOG.debug("gzip is packed with the JDK: {}", e.getMessage());
            } catch (DataFormatException | RuntimeException e) {
                LOG.warn("gzip is packed with the JDK, since {} cannot be used", Isal.LIBRARY, e);
            }
            return Optional.empty();
        }

        /** Blocks that refer to each other, of which every second one has noise, and an empty last one: all in one state. */
        private static void tryOut(IsalDeflate isal) throws DataFormatException {
            var random = new Random(1);
            var plain = new ByteArrayOutputStream();
            var packed = new ByteArrayOutputStream();
            var state = new State();
            try {
                byte[] window = {};
                for (int number = 0; number <= TRIAL_BLOCKS; number++) {
                    byte[] bytes = number < TRIAL_BLOCKS ? trialBlock(random, number) : new byte[0];
                    var block = new BlockDeflater.Block(bytes, bytes.length, window, number == TRIAL_BLOCKS);
                    plain.writeBytes(bytes);
                    packed.writeBytes(isal.deflate(state, block));
                    window = Arrays.copyOfRange(bytes, Math.max(0, bytes.length - BlockDeflater.WINDOW_BYTES),
                            bytes.length);
                }
            } finally {
                state.free();
            }
            if (!Arrays.equals(inflated(packed.toByteArray(), plain.size()), plain.toByteArray())) {
                throw new IllegalStateException("its trial run packed other bytes");
            }
        }

        private static byte[] trialBlock(Random random, int number) {
            byte[] bytes = new byte[GzipBlocks.BLOCK_BYTES];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) (at % 251 + at / 7919);
            }
            if (number % 2 == 1) {
                byte[] noise = new byte[bytes.length / 2];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, bytes.length / 4, noise.length);
            }
            return bytes;
        }

        /** What the JDK makes of it, which must end where the stream ends. */
        private static byte[] inflated(byte[] packed, int length) throws DataFormatException {
            var inflater = new Inflater(true);
            try {
                inflater.setInput(packed);
                byte[] plain = new byte[length + 1];
                int count = inflater.inflate(plain);
                if (!inflater.finished() || inflater.getRemaining() > 0) {
                    throw new IllegalStateException("its trial run packed no complete stream");
                }
                return Arrays.copyOf(plain, count);
            } finally {
                inflater.end();
            }
        }
    }
}
