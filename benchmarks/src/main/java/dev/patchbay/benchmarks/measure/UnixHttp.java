package dev.patchbay.benchmarks.measure;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection to an HTTP server on a unix socket: as little client as possible, so that what is measured is the
 * server. Blocking; knows answers with a length only.
 */
public final class UnixHttp implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_READ = 64 * 1024;

    private final SocketChannel channel;

    private UnixHttp(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * What came back.
     *
     * @param status the HTTP status
     * @param body the body
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, byte[] body) {
        public Answer orFail() throws IOException {
            if (status / 100 != 2) {
                throw new IOException("status " + status + ": " + new String(body, StandardCharsets.UTF_8));
            }
            return this;
        }
    }

    /** Connects. */
    public static UnixHttp connect(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new UnixHttp(channel);
    }

    /** Sends one request on a connection of its own and expects success. */
    public static Answer once(Path socket, String method, String target, byte[] body) throws IOException {
        try (var http = connect(socket)) {
            return http.send(method, target, body).orFail();
        }
    }

    public Answer get(String target) throws IOException {
        return send("GET", target, new byte[0]);
    }

    /** Sends JSON on a connection of its own and expects success. */
    public static Answer post(Path socket, String target, String json) throws IOException {
        try (var http = connect(socket)) {
            return http.send("POST", target, "application/json", json.getBytes(StandardCharsets.UTF_8))
                    .orFail();
        }
    }

    public Answer send(String method, String target, byte[] body) throws IOException {
        return send(method, target, "application/x-tar", body);
    }

    private Answer send(String method, String target, String type, byte[] body) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length
                + "\r\nContent-Type: " + type + "\r\n\r\n";
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        write(ByteBuffer.wrap(body));
        return read();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private Answer read() throws IOException {
        ByteBuffer first = ByteBuffer.allocate(FIRST_READ);
        int end = -1;
        while (end < 0) {
            fill(first);
            end = indexOf(first.array(), first.position());
        }
        String head = new String(first.array(), 0, end, StandardCharsets.US_ASCII) + "\r\n";
        int status = Integer.parseInt(head.substring(9, 12));
        Matcher length = LENGTH.matcher(head);
        ByteBuffer body = ByteBuffer.allocate(length.find() ? Integer.parseInt(length.group(1)) : 0);
        int begin = end + END_OF_HEAD.length;
        body.put(first.array(), begin, first.position() - begin);
        while (body.hasRemaining()) {
            fill(body);
        }
        return new Answer(status, body.array());
    }

    private void fill(ByteBuffer buffer) throws IOException {
        if (channel.read(buffer) <= 0) {
            throw new EOFException("the server ended the connection in the middle of an answer");
        }
    }

    private static int indexOf(byte[] bytes, int size) {
        for (int at = 0; at + END_OF_HEAD.length <= size; at++) {
            if (Arrays.equals(bytes, at, at + END_OF_HEAD.length, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
