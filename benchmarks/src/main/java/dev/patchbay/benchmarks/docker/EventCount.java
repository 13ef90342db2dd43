package dev.patchbay.benchmarks.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A subscriber of Docker's {@code /events} that counts what it gets. Closing ends the subscription. */
final class EventCount implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final long PATIENCE_SECONDS = 30;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final SocketChannel channel;
    private final Thread reader;
    private volatile boolean open;
    private volatile long count;

    private EventCount(SocketChannel channel) {
        this.channel = channel;
        this.reader = Thread.ofPlatform().name("event-count").unstarted(this::read);
    }

    /** Asks for events; returns when the answer has begun. */
    static EventCount subscribe(Path socket, String target) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String head = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        var subscriber = new EventCount(channel);
        subscriber.reader.start();
        try {
            subscriber.awaitOpen();
            return subscriber;
        } catch (IOException e) {
            subscriber.close();
            throw e;
        }
    }

    private void awaitOpen() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!open) {
            pause(deadline, "no answer to a subscription");
        }
    }

    /** Waits until so many have come. */
    void await(long events) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (count < events) {
            pause(deadline, count + " of " + events + " events have come");
        }
    }

    private static void pause(long deadline, String why) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException(why + " after " + PATIENCE_SECONDS + " s");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** An event is an object on a line of its own; its end is the only place where a brace stands before a line's end. */
    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        byte last = 0;
        long seen = 0;
        try {
            while (channel.read(buffer.clear()) >= 0) {
                for (byte next : copyOf(buffer.flip())) {
                    if (last == '}' && next == '\n') {
                        seen++;
                    }
                    last = next;
                }
                count = seen;
                open = true;
            }
        } catch (ClosedChannelException _) {
            // it was closed
        } catch (IOException e) {
            Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(Thread.currentThread(), e);
        }
    }

    private static byte[] copyOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
