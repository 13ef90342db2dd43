package dev.patchbay.web.crash;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A unix socket that leads to another, through which connections can be dropped, and made to hang. What cannot be reached
 * ends the connection. For any thread.
 */
final class FlakyRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 4096;

    private final Path target;
    private final ServerSocketChannel listener;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch flow = new CountDownLatch(0);

    FlakyRelay(Path socket, Path target) throws IOException {
        this.target = target;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().name("relay").start(this::accept);
    }

    /** Nothing comes through any more. */
    synchronized void hang() {
        if (flow.getCount() == 0) {
            flow = new CountDownLatch(1);
        }
    }

    /** All comes through again. */
    synchronized void flow() {
        flow.countDown();
    }

    /** Ends all connections. */
    void drop() {
        open.forEach(FlakyRelay::close);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                Thread.ofPlatform().name("relay").start(() -> connect(client));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void connect(SocketChannel client) {
        open.add(client);
        try {
            SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(target));
            open.add(server);
            Thread.ofPlatform().name("relay").start(() -> pass(client, server));
            pass(server, client);
        } catch (IOException _) {
            close(client); // nobody is there
        }
        if (!listener.isOpen()) {
            drop(); // it came too late to be dropped with the others
        }
    }

    private void pass(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (from.read(buffer.clear()) >= 0) {
                flow.await();
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException | InterruptedException _) {
            // one of the two ended: so does the other
        }
        close(from);
        close(to);
        open.remove(from);
        open.remove(to);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // it is of no use any more, however it ended
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        flow();
        drop();
    }
}
