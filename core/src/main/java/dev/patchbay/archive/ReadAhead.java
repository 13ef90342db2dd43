package dev.patchbay.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is read on another thread than the one that uses it, so that the two work at the same time.
 *
 * <p>At most {@value #BUFFERS} buffers of {@value #BUFFER_BYTES} bytes exist; when all are full, the reading thread waits.
 * <b>Errors</b> of the source come out after the bytes before them, as they are. <b>Interrupting</b> the using thread
 * ends its wait with {@link InterruptedIOException}. {@link #close} interrupts the reading thread and returns when it has
 * let go of the source. One thread uses and closes it.
 */
final class ReadAhead extends InputStream {
    static final int BUFFER_BYTES = 256 * 1024;
    static final int BUFFERS = 12;

    private final Reader reader;
    private final Witness witness;
    private Piece current = new Piece(new byte[0], 0, Optional.empty());
    private int position;

    /**
     * Starts to read.
     *
     * @param executor runs the one task at once and lets it block: must not make it wait for the thread that uses this
     * @param opening makes the source, on the reading thread, which closes it too
     * @param witness sees every byte before it is used, on the using thread
     */
    ReadAhead(Executor executor, Opening opening, Witness witness) {
        this.reader = new Reader(opening);
        this.witness = witness;
        executor.execute(reader);
    }

    /** Makes a source. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    /** Sees bytes pass. */
    @FunctionalInterface
    interface Witness {
        void see(byte[] bytes, int offset, int length);
    }

    @Override
    public int read() throws IOException {
        return ready() ? current.bytes()[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!ready()) {
            return -1;
        }
        int count = Math.min(length, current.length() - position);
        System.arraycopy(current.bytes(), position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return current.length() - position;
    }

    @Override
    public void close() {
        reader.stop();
    }

    private boolean ready() throws IOException {
        while (position == current.length()) {
            if (current.end().isPresent()) {
                current.end().get().check();
                return false;
            }
            try {
                current = reader.next(current.bytes());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for bytes");
            }
            witness.see(current.bytes(), 0, current.length());
            position = 0;
        }
        return true;
    }

    /** Some bytes, and whether something ended there. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Piece(byte[] bytes, int length, Optional<End> end) {}

    /** The end of the source, or what it failed with. */
    private record End(@Nullable Throwable failure) {
        void check() throws IOException {
            switch (failure) {
                case null -> {
                }
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    /** The side of the source. */
    private static final class Reader implements Runnable {
        private final Opening opening;
        private final BlockingQueue<Piece> full = new ArrayBlockingQueue<>(BUFFERS + 1); // the end always fits
        // The one used last first: it is still in the processor's cache.
        private final BlockingDeque<byte[]> empty = new LinkedBlockingDeque<>(BUFFERS);
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition ended = lock.newCondition();
        private int made; // reading thread only
        private boolean stopped; // under lock
        private @Nullable Thread thread; // under lock; the thread that runs this now

        Reader(Opening opening) {
            this.opening = opening;
        }

        /** The next bytes, in exchange for a buffer that is no longer needed. */
        Piece next(byte[] used) throws InterruptedException {
            if (used.length > 0) {
                empty.addFirst(used);
            }
            return full.take();
        }

        @Override
        public void run() {
            if (!enter()) {
                return;
            }
            Optional<Throwable> failure = Optional.empty();
            try (InputStream source = opening.open()) {
                while (fill(source)) {
                    // Until the end.
                }
            } catch (InterruptedException _) {
                failure = Optional
                        .of(new InterruptedIOException("interrupted while waiting for a free buffer"));
            } catch (IOException | RuntimeException | Error e) {
                failure = Optional.of(e);
            }
            full.add(new Piece(new byte[0], 0, Optional.of(new End(failure.orElse(null)))));
            leave();
        }

        private boolean fill(InputStream source) throws IOException, InterruptedException {
            byte[] buffer = buffer();
            int count = source.readNBytes(buffer, 0, buffer.length);
            if (count > 0) {
                full.add(new Piece(buffer, count, Optional.empty()));
            }
            return count == buffer.length;
        }

        private byte[] buffer() throws InterruptedException {
            byte[] free = empty.poll();
            if (free != null) {
                return free;
            }
            if (made < BUFFERS) {
                made++;
                return new byte[BUFFER_BYTES];
            }
            return empty.take();
        }

        private boolean enter() {
            lock.lock();
            try {
                if (!stopped) {
                    thread = Thread.currentThread();
                }
                return !stopped;
            } finally {
                lock.unlock();
            }
        }

        private void leave() {
            lock.lock();
            try {
                thread = null;
                if (stopped) {
                    Thread.interrupted(); // ours: whoever runs next on this thread must not see it
                }
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void stop() {
            lock.lock();
            try {
                stopped = true;
                if (thread != null) {
                    thread.interrupt();
                }
                while (thread != null) {
                    ended.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
