package dev.patchbay.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/**
 * A publisher of buffers as a stream for code that blocks.
 *
 * <p><b>Cold:</b> the first read subscribes. <b>Back-pressure:</b> at most {@code prefetch} buffers have been asked for
 * and not been read; more are asked for as they are read. <b>Threads:</b> one thread reads and closes; it must be one that
 * may block. Signals may come on any thread and never wait. <b>Cancelling:</b> {@link #close} cancels the publisher. An
 * interrupt of a waiting reader cancels it too and throws {@link InterruptedIOException}; the thread stays interrupted.
 * <b>Errors:</b> an {@link IOException} of the publisher is thrown as it is, anything else as the cause of one, after the
 * buffers that came before it.
 *
 * <p>Buffers belong to this stream once they are emitted: the publisher must not use them again, and must not need them
 * released. Those not yet read when it closes are dropped.
 */
public final class PublisherInputStream extends InputStream {
    private final Publisher<ByteBuffer> source;
    private final int prefetch;
    private final Intake intake = new Intake();
    private ByteBuffer current = ByteBuffer.allocate(0); // reader only
    private boolean subscribed; // reader only
    private boolean closed; // reader only
    private int unreplenished; // reader only

    /**
     * Makes a stream that has not subscribed yet.
     *
     * @param prefetch most buffers held, at least 1
     * @throws IllegalArgumentException if {@code prefetch} is under 1
     */
    public PublisherInputStream(Publisher<ByteBuffer> source, int prefetch) {
        if (prefetch < 1) {
            throw new IllegalArgumentException("prefetch must be at least 1, not " + prefetch);
        }
        this.source = source;
        this.prefetch = prefetch;
    }

    @Override
    public int read() throws IOException {
        return ready() ? current.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!ready()) {
            return -1;
        }
        int count = 0;
        do {
            int more = Math.min(length - count, current.remaining());
            current.get(target, offset + count, more);
            count += more;
        } while (count < length && nextHasCome());
        return count;
    }

    @Override
    public int available() {
        return current.remaining();
    }

    /** Cancels the publisher if it has not ended. Reads fail afterwards. Never waits. */
    @Override
    public void close() {
        closed = true;
        intake.cancel();
        current = ByteBuffer.allocate(0);
    }

    /** Waits until the current buffer has bytes; false at the end. */
    private boolean ready() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        while (!current.hasRemaining()) {
            Optional<ByteBuffer> next = take();
            if (next.isEmpty()) {
                return false;
            }
            current = next.get();
            replenish();
        }
        return true;
    }

    /** Goes on to the next buffer unless it would have to be waited for: a reader works in pieces as large as it can have. */
    private boolean nextHasCome() {
        Optional<ByteBuffer> next = intake.poll();
        if (next.isPresent()) {
            current = next.get();
            replenish();
        }
        return next.isPresent();
    }

    private Optional<ByteBuffer> take() throws IOException {
        if (!subscribed) {
            subscribed = true;
            source.subscribe(intake);
        }
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException(
                    "a stream must not be read on " + Thread.currentThread().getName());
        }
        try {
            return intake.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            intake.cancel();
            throw new InterruptedIOException("interrupted while waiting for the next buffer");
        }
    }

    /** Asks in batches: one request for each buffer would be one signal across threads each. */
    private void replenish() {
        unreplenished++;
        if (unreplenished >= Math.max(1, prefetch / 2)) {
            intake.request(unreplenished);
            unreplenished = 0;
        }
    }

    /** The side of the publisher. Waits for nothing: its signals come on event loops. */
    private final class Intake implements CoreSubscriber<ByteBuffer> {
        private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();
        private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
        private volatile @Nullable Thread waiting;
        private volatile @Nullable Throwable failure;
        private volatile boolean ended;
        private volatile boolean cancelled;

        @Override
        public void onSubscribe(Subscription offered) {
            if (!Operators.validate(subscription.get(), offered)) {
                return;
            }
            subscription.set(offered);
            if (cancelled) {
                offered.cancel();
            } else {
                offered.request(prefetch);
            }
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            if (!cancelled) {
                buffers.add(buffer);
                wake();
            }
        }

        @Override
        public void onError(Throwable error) {
            failure = error;
            ended = true;
            wake();
        }

        @Override
        public void onComplete() {
            ended = true;
            wake();
        }

        Optional<ByteBuffer> poll() {
            return Optional.ofNullable(buffers.poll());
        }

        Optional<ByteBuffer> await() throws IOException, InterruptedException {
            waiting = Thread.currentThread();
            try {
                // "waiting" is set before the queue is looked at and signals look at it after they changed the
                // queue, so one of the two sides always sees the other.
                while (true) {
                    boolean last = ended; // before the queue: what came before the end is still delivered
                    ByteBuffer buffer = buffers.poll();
                    if (buffer != null) {
                        return Optional.of(buffer);
                    }
                    if (last) {
                        return end();
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    LockSupport.park(this);
                }
            } finally {
                waiting = null;
            }
        }

        private Optional<ByteBuffer> end() throws IOException {
            Throwable error = failure;
            return switch (error == null ? null : Exceptions.unwrap(error)) {
                case null -> Optional.empty();
                case IOException e -> throw e;
                case Throwable e -> throw new IOException("the sender failed: " + e.getMessage(), e);
            };
        }

        void request(int count) {
            Subscription current = subscription.get();
            if (current != null && !ended) {
                current.request(count);
            }
        }

        void cancel() {
            cancelled = true;
            Subscription current = subscription.get();
            if (current != null) {
                current.cancel();
            }
            buffers.clear();
        }

        private void wake() {
            Thread reader = waiting;
            if (reader != null) {
                LockSupport.unpark(reader);
            }
        }
    }
}
