package dev.patchbay.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** A client that sends bytes as they are, for requests that no proper client sends. Blocking. */
public final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    private RawClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
        in = Channels.newInputStream(channel);
    }

    /** Connects to a unix socket. */
    public static RawClient connect(Path socket) throws IOException {
        return new RawClient(UnixDomainSocketAddress.of(socket));
    }

    /** Connects to some address. */
    public static RawClient connect(SocketAddress address) throws IOException {
        return new RawClient(address);
    }

    /** Sends text; line ends as given. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public RawClient send(byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    /** Says that nothing more comes. */
    public RawClient endOutput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** All that comes until the server closes the connection. */
    public String readAll() throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException e) {
            if (all.size() == 0) {
                throw e;
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** What comes up to and with some text. Fails if the connection ends before. */
    public String readUntil(String end) throws IOException {
        var all = new ByteArrayOutputStream();
        byte[] wanted = end.getBytes(StandardCharsets.UTF_8);
        byte[] last = new byte[wanted.length];
        while (!Arrays.equals(last, wanted)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after: " + all.toString(StandardCharsets.UTF_8));
            }
            all.write(next);
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = (byte) next;
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** The next bytes. Fails if the connection ends before. */
    public byte[] read(int count) throws IOException {
        byte[] next = in.readNBytes(count);
        if (next.length < count) {
            throw new IOException("the connection ended after " + next.length + " bytes");
        }
        return next;
    }

    /** One request on a connection of its own, and the whole answer. */
    public static String exchange(Path socket, String request) throws IOException {
        try (var client = connect(socket)) {
            return client.send(request).readAll();
        }
    }

    /** Goes away without a word. */
    public void hangUp() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
