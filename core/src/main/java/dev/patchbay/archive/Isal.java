package dev.patchbay.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Intel's Intelligent Storage Acceleration Library, if this host has it (Debian: {@code libisal2}): the part that unpacks
 * gzip; {@link IsalDeflate} packs it. containerd too prefers it, as the program igzip, to what its language brings.
 *
 * <p>The library's state is a C struct whose layout belongs to its major version, hence {@value #LIBRARY} ({@code
 * include/igzip_lib.h}, 2.30). Should some build differ all the same, the trial run at the beginning fails, and the JDK does the
 * work. Thread-safe; a {@link State} belongs to one thread.
 */
final class Isal {
    static final int INVALID_SYMBOL = -2;
    static final int INVALID_LOOKBACK = -3;
    static final int INCORRECT_CHECKSUM = -6;
    static final String LIBRARY = "libisal.so.2";

    private static final Logger LOG = LoggerFactory.getLogger(Isal.class);
    private static final int TRIAL_BYTES = 300_000;

    private final MethodHandle init;
    private final MethodHandle reset;
    private final MethodHandle inflate;

    @SuppressWarnings("restricted") // there is no other way to call a library
    private Isal(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        var onState = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS);
        init = linker.downcallHandle(function(library, "isal_inflate_init"), onState);
        reset = linker.downcallHandle(function(library, "isal_inflate_reset"), onState);
        inflate = linker.downcallHandle(function(library, "isal_inflate"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /** The library, loaded and tried when first asked for; empty if this host has none that works. */
    static Optional<Isal> ofThisHost() {
        return Loaded.ISAL;
    }

    /** Unpacks a stream, which stays open. */
    InputStream gunzip(InputStream source) {
        return new IsalGunzip(this, source);
    }

    /** A state that expects the content of a first member, and checks what follows it, for as long as the arena is open. */
    State newState(Arena arena) {
        var state = new State(arena.allocate(State.BYTES, Long.BYTES));
        run(init, state);
        state.checkTrailer();
        return state;
    }

    /** Makes a finished state expect the content of another member. What input it has left stays. */
    void reset(State state) {
        run(reset, state);
    }

    /** Unpacks from the state's input to its output until one of them is used up. @return negative if something is wrong */
    int inflate(State state) {
        try {
            return (int) inflate.invokeExact(state.memory);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static void run(MethodHandle function, State state) {
        try {
            function.invokeExact(state.memory);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** What to throw if a function could not even be called. */
    static IllegalStateException failed(Throwable e) {
        return new IllegalStateException(LIBRARY + " could not be called", e);
    }

    /** A function of the library. @throws IllegalArgumentException if it has none of that name */
    static MemorySegment function(SymbolLookup library, String name) {
        return library.find(name)
                .orElseThrow(() -> new IllegalArgumentException(LIBRARY + " has no function " + name));
    }

    /** A {@code struct inflate_state}. */
    static final class State {
        // next_out, avail_out, total_out, next_in, read_in, avail_in, read_in_length, then two tables.
        private static final long NEXT_OUT = 0;
        private static final long AVAIL_OUT = 8;
        private static final long NEXT_IN = 16;
        private static final long AVAIL_IN = 32;
        private static final long LITERAL_TABLE = 40;
        private static final long DISTANCE_TABLE = LITERAL_TABLE + 4096 * Integer.BYTES + 1264 * Short.BYTES;
        private static final long BLOCK_STATE = DISTANCE_TABLE + 1024 * Short.BYTES + 80 * Short.BYTES;
        private static final long CRC_FLAG = BLOCK_STATE + 3 * Integer.BYTES;
        // 87 KB are used in 2.30.
        private static final long BYTES = 128 * 1024;

        private static final int BLOCK_FINISH = 5;
        private static final int GZIP_WITHOUT_HEADER = 6; // ISAL_GZIP_NO_HDR_VER

        private final MemorySegment memory;

        private State(MemorySegment memory) {
            this.memory = memory;
        }

        private void checkTrailer() {
            memory.set(ValueLayout.JAVA_INT, CRC_FLAG, GZIP_WITHOUT_HEADER);
        }

        void input(MemorySegment bytes, int offset, int length) {
            memory.set(ValueLayout.ADDRESS, NEXT_IN, bytes.asSlice(offset, length));
            memory.set(ValueLayout.JAVA_INT, AVAIL_IN, length);
        }

        /** Where in those bytes the input begins that has not been used. */
        int inputOffset(MemorySegment bytes) {
            return Math.toIntExact(memory.get(ValueLayout.JAVA_LONG, NEXT_IN) - bytes.address());
        }

        int availableIn() {
            return memory.get(ValueLayout.JAVA_INT, AVAIL_IN);
        }

        void output(MemorySegment bytes) {
            memory.set(ValueLayout.ADDRESS, NEXT_OUT, bytes);
            memory.set(ValueLayout.JAVA_INT, AVAIL_OUT, Math.toIntExact(bytes.byteSize()));
        }

        int availableOut() {
            return memory.get(ValueLayout.JAVA_INT, AVAIL_OUT);
        }

        /** Whether a member has ended, its checksum was right, and all its bytes were given out. */
        boolean isFinished() {
            return memory.get(ValueLayout.JAVA_INT, BLOCK_STATE) == BLOCK_FINISH;
        }
    }

    private static final class Loaded {
        static final Optional<Isal> ISAL = load();

        @SuppressWarnings("restricted") // there is no other way to load a library by the name that the system knows
        private static Optional<Isal> load() {
            try {
                var isal = new Isal(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
                tryOut(isal);
                LOG.debug("gzip is unpacked with {}", LIBRARY);
                return Optional.of(isal);
            } catch (IllegalArgumentException e) {
                LOG.debug("gzip is unpacked with the JDK: {}", e.getMessage());
            } catch (IOException | RuntimeException e) {
                LOG.warn("gzip is unpacked with the JDK, since {} cannot be used", LIBRARY, e);
            }
            return Optional.empty();
        }

        /** Two members, larger than every buffer, the second one with a wrong checksum the second time. */
        private static void tryOut(Isal isal) throws IOException {
            byte[] plain = new byte[TRIAL_BYTES];
            byte[] word = "layer".getBytes(StandardCharsets.US_ASCII);
            for (int at = 0; at < plain.length; at++) {
                plain[at] = (byte) (word[at % word.length] + at / 7919);
            }
            var packed = new ByteArrayOutputStream();
            for (int member = 0; member < 2; member++) {
                try (var gzip = new GZIPOutputStream(packed)) {
                    gzip.write(plain);
                }
            }
            byte[] bytes = packed.toByteArray();
            try (var unpacked = isal.gunzip(new ByteArrayInputStream(bytes))) {
                if (!Arrays.equals(unpacked.readNBytes(TRIAL_BYTES), plain)
                        || !Arrays.equals(unpacked.readAllBytes(), plain)) {
                    throw new IOException("its trial run gave other bytes");
                }
            }
            bytes[bytes.length - Long.BYTES] ^= 1;
            try (var unpacked = isal.gunzip(new ByteArrayInputStream(bytes))) {
                unpacked.readAllBytes();
            } catch (IOException _) {
                return;
            }
            throw new IOException("its trial run did not notice a wrong checksum");
        }
    }
}
