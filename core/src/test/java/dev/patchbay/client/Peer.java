package dev.patchbay.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The plugin's end of a connection. Blocking. */
public final class Peer {
    private static final String LINE = "\r\n";
    private static final int END_OF_HEAD = 0x0d0a0d0a;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16).flip();

    Peer(SocketChannel channel) {
        this.channel = channel;
    }

    /** The next request; empty when the client has closed. Bodies in chunks of some methods are left where they are. */
    Optional<Received> read(Set<String> early) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int last = 0; last != END_OF_HEAD;) {
            if (!in.hasRemaining() && !fill()) {
                return Optional.empty();
            }
            byte next = in.get();
            head.write(next);
            last = last << 8 | next;
        }
        var lines = List.of(head.toString(StandardCharsets.US_ASCII).split(LINE));
        var request = new Received(lines, new byte[0]);
        if (early.contains(request.method())) {
            return Optional.of(request);
        }
        boolean chunked = request.headers("transfer-encoding").contains("chunked");
        String length = request.headers("content-length").stream().findFirst().orElse("0");
        return Optional.of(new Received(lines, chunked ? chunks() : take(Integer.parseInt(length))));
    }

    /** A chunk of a body that is told in chunks, the end if it is empty. */
    public byte[] chunk() throws IOException {
        byte[] bytes = take(Integer.parseInt(line(), 16));
        take(LINE.length());
        return bytes;
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            body.writeBytes(chunk);
        }
        return body.toByteArray();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (!line.toString(StandardCharsets.US_ASCII).endsWith(LINE)) {
            line.write(take(1));
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }

    private byte[] take(int count) throws IOException {
        byte[] bytes = new byte[count];
        int taken = 0;
        while (taken < count) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the client closed in the middle of a request");
            }
            int some = Math.min(count - taken, in.remaining());
            in.get(bytes, taken, some);
            taken += some;
        }
        return bytes;
    }

    private boolean fill() throws IOException {
        in.clear();
        boolean more = channel.read(in) >= 0;
        in.flip();
        return more;
    }

    /** Answers as plugins do. */
    public void answer(int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = head(status, "Content-Length: " + bytes.length);
        byte[] all = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        write(all);
    }

    /** The head of an answer with such a header. */
    public static byte[] head(int status, String header) {
        return ("HTTP/1.1 " + status + " X" + LINE + header + LINE + LINE)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes text as it is. */
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes as they are. */
    public void write(byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Waits for the client to close. */
    public void awaitEnd() throws IOException {
        while (fill()) {
            in.position(in.limit());
        }
    }

    /** Closes the connection. */
    public void close() throws IOException {
        channel.close();
    }
}
