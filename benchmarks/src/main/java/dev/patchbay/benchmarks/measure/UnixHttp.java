package dev.patchbay.benchmarks.measure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One connection to an HTTP server, on a unix socket as most runs have it or on a port: as little client as possible, so
 * that what is measured is the server. Blocking, as long as its {@link Endpoint} has patience; after a failure of any kind it
 * is of no use any more.
 */
public final class UnixHttp implements AutoCloseable {
    private static final int FILE_BUFFER = 256 * 1024;
    private static final String TAR = "application/x-tar";
    private static final byte[] NOTHING = {};

    private final Wire wire;
    private final AnswerReader answers;
    private final Endpoint endpoint;

    private UnixHttp(Wire wire, Endpoint endpoint) {
        this.wire = wire;
        this.answers = new AnswerReader(wire.in());
        this.endpoint = endpoint;
    }

    /**
     * What came back.
     *
     * @param status the HTTP status
     * @param body the body
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, byte[] body) {
        /** Itself. @throws IOException if it is no success */
        public Answer orFail() throws IOException {
            if (status / 100 != 2) {
                throw new IOException("status " + status + ": " + text());
            }
            return this;
        }

        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Connects. */
    public static UnixHttp connect(Path socket) throws IOException {
        return connect(Endpoint.open(new Target.Unix(socket)));
    }

    /** Connects to wherever a daemon listens. */
    static UnixHttp connect(Endpoint endpoint) throws IOException {
        return new UnixHttp(Wire.open(endpoint), endpoint);
    }

    /** Sends one request on a connection of its own and expects success. */
    public static Answer once(Path socket, String method, String target, byte[] body) throws IOException {
        try (var http = connect(socket)) {
            return http.send(method, target, body).orFail();
        }
    }

    /** The same with a file for a body. */
    public static Answer once(Path socket, String method, String target, Path body) throws IOException {
        try (var http = connect(socket)) {
            return http.send(method, target, body).orFail();
        }
    }

    /** Sends JSON on a connection of its own and expects success. */
    public static Answer post(Path socket, String target, String json) throws IOException {
        try (var http = connect(socket)) {
            return http.post(target, json).orFail();
        }
    }

    /** Asks for something. */
    public Answer get(String target) throws IOException {
        return send("GET", target, NOTHING);
    }

    /** Sends JSON. */
    public Answer post(String target, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return answered("POST " + target, () -> {
            head("POST", target, "application/json", body.length);
            write(ByteBuffer.wrap(body));
        });
    }

    /** Sends a tar, or nothing. */
    public Answer send(String method, String target, byte[] body) throws IOException {
        return answered(method + " " + target, () -> {
            head(method, target, TAR, body.length);
            write(ByteBuffer.wrap(body));
        });
    }

    private Answer send(String method, String target, Path body) throws IOException {
        return answered(method + " " + target, () -> {
            try (var file = FileChannel.open(body)) {
                head(method, target, TAR, file.size());
                ByteBuffer buffer = ByteBuffer.allocateDirect(FILE_BUFFER);
                while (file.read(buffer.clear()) >= 0) {
                    write(buffer.flip());
                }
            }
        });
    }

    @FunctionalInterface
    private interface Request {
        void write() throws IOException;
    }

    private Answer answered(String what, Request request) throws IOException {
        wire.watched().begin();
        try {
            request.write();
            Answer answer = answers.read();
            wire.watched().end();
            return answer;
        } catch (IOException e) {
            throw wire.watched().reason(what, e);
        }
    }

    private void head(String method, String target, String type, long length) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: " + endpoint.target().host() + "\r\n"
                + endpoint.fields() + "Content-Length: " + length + "\r\nContent-Type: " + type + "\r\n\r\n";
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int _ = wire.out().write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
