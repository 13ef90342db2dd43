package dev.patchbay.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;

/**
 * A gzip stream (RFC 1952) whose blocks are compressed side by side.
 *
 * <p>The input is cut into blocks of {@value #BLOCK_BYTES} bytes. Each is compressed by itself, with the 32 KiB before it
 * as dictionary, and ends on a byte boundary, so that the blocks put one after the other are one deflate stream. The
 * bytes depend on the input and on the compressor alone, not on the executor, and the header carries no time: on one host
 * the same content gives the same digest. On another one, with ISA-L or without, or with another version of it, the same
 * content may be packed otherwise; what is unpacked from it is the same.
 *
 * <p>For one thread, which writes the compressed bytes too. At most {@value #MAX_AHEAD} blocks wait for the executor or
 * in it; then {@link #write} waits for the oldest. An interrupt ends the wait. Whoever makes it closes it, which keeps blocks
 * from being compressed that nobody takes any more, and neither waits nor closes the target.
 */
final class GzipBlocks extends OutputStream {
    static final int BLOCK_BYTES = 256 * 1024;
    private static final int MAX_AHEAD = 8;
    /** Magic, deflate, no flags, no time, fastest algorithm, Unix. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, 3};

    private final OutputStream target;
    private final Executor executor;
    private final BlockDeflater deflater;
    private final CRC32 checksum = new CRC32();
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private final Deque<byte[]> used = new ArrayDeque<>(); // arrays of blocks, to be filled again
    private byte[] block = new byte[BLOCK_BYTES];
    private byte[] window = new byte[0];
    private int filled;
    private long total;
    private boolean headerWritten;

    /**
     * Makes a stream that has written nothing yet.
     *
     * @param executor where blocks are compressed
     * @param deflater compresses this stream only, and is closed with it
     */
    GzipBlocks(OutputStream target, Executor executor, BlockDeflater deflater) {
        this.target = target;
        this.executor = executor;
        this.deflater = deflater;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, BLOCK_BYTES - filled);
            System.arraycopy(bytes, at, block, filled, count);
            filled += count;
            at += count;
            left -= count;
            if (filled == BLOCK_BYTES) {
                compress(false);
            }
        }
    }

    /** Writes what is left and the trailer. Does not close the target, and must be the last call. */
    void finish() throws IOException {
        compress(true);
        while (!ahead.isEmpty()) {
            writeOldest();
        }
        byte[] trailer = new byte[8];
        for (int i = 0; i < 4; i++) {
            trailer[i] = (byte) (checksum.getValue() >>> (8 * i));
            trailer[4 + i] = (byte) (total >>> (8 * i));
        }
        target.write(trailer);
        target.flush();
    }

    @Override
    public void close() {
        ahead.forEach(block -> block.packed().cancel(false)); // those that have not begun
        ahead.clear();
        deflater.close();
    }

    private void compress(boolean last) throws IOException {
        var input = new BlockDeflater.Block(block, filled, window, last);
        checksum.update(block, 0, filled);
        total += filled;
        ahead.add(new Ahead(block, CompletableFuture.supplyAsync(() -> deflater.deflate(input), executor)));
        window = Arrays.copyOfRange(block, Math.max(0, filled - BlockDeflater.WINDOW_BYTES), filled);
        filled = 0;
        while (ahead.size() > MAX_AHEAD || (!ahead.isEmpty() && ahead.getFirst().packed().isDone())) {
            writeOldest();
        }
        block = used.isEmpty() ? new byte[BLOCK_BYTES] : used.pop();
    }

    private void writeOldest() throws IOException {
        if (!headerWritten) {
            target.write(HEADER);
            headerWritten = true;
        }
        try {
            Ahead oldest = ahead.getFirst(); // until it is written: who closes after an interrupt gives it up with the others
            target.write(oldest.packed().get());
            used.push(ahead.removeFirst().plain());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ArchiveCancelledException();
        } catch (ExecutionException e) {
            throw new IllegalStateException("compression failed", e.getCause());
        }
    }

    /** A block that is compressed or waits for that; nobody else touches its array until then. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Ahead(byte[] plain, CompletableFuture<byte[]> packed) {}
}
