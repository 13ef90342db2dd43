package dev.patchbay.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much of a file has been written, for somebody who reads it meanwhile. What is between the two is in the page cache:
 * neither a slow disk nor a slow reader holds it in the heap.
 *
 * <p>States: growing, then complete or failed. Thread-safe.
 */
final class GrowingData {
    private Optional<Path> file = Optional.empty(); // guarded by this
    private long written; // guarded by this
    private boolean complete; // guarded by this
    private boolean failed; // guarded by this

    /** Says where the data are. */
    synchronized void begin(Path data) {
        file = Optional.of(data);
    }

    /** Says how many bytes there are now. */
    synchronized void grow(long bytes) {
        written = bytes;
        notifyAll();
    }

    /** Says that there will be no more, and that they are right. */
    synchronized void complete() {
        complete = true;
        notifyAll();
    }

    /** Says that there will be no more although some are missing. What was written must not be used. */
    synchronized void fail() {
        failed = true;
        notifyAll();
    }

    /**
     * Waits until there are bytes after a position.
     *
     * @return how many there are in all; not more than {@code position} at the end
     * @throws IOException if the writer failed
     */
    synchronized long await(long position) throws IOException {
        try {
            while (!failed && !complete && written <= position) {
                wait();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for more bytes");
        }
        if (failed) {
            throw new IOException("what is being read could not be written to its end");
        }
        return written;
    }

    synchronized Path file() {
        return file.orElseThrow(() -> new IllegalStateException("nothing was written yet"));
    }
}
