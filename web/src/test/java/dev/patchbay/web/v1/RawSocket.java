package dev.patchbay.web.v1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A WebSocket client over a unix socket that sends frames as told, answers no ping, and reads only when asked. */
final class RawSocket implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;

    private final SocketChannel channel;
    private final DataInputStream in;

    /** One frame from the server. */
    record Heard(int opcode, ByteBuffer payload) {
        String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }

        /** The code of a close frame. */
        int code() {
            return payload.getShort(0) & 0xffff;
        }
    }

    RawSocket(Path socket, String uri) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
        write(("GET " + uri + " HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        String head = head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no upgrade: " + head);
        }
    }

    private String head() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Sends a frame, masked with zeros. */
    void send(int opcode, byte[] payload) throws IOException {
        send(FINAL | opcode, payload.length, payload);
    }

    /** Sends the head of a frame that claims a length, and some payload. */
    void send(int firstByte, int claimed, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) firstByte);
        if (claimed < 126) {
            frame.put((byte) (MASKED | claimed));
        } else if (claimed <= 0xffff) {
            frame.put((byte) (MASKED | 126)).putShort((short) claimed);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(claimed);
        }
        frame.putInt(0).put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        write(bytes);
    }

    /** Sends a frame as {@link #send(int, byte[])} does; false if the server takes none any more. */
    boolean trySend(int opcode, byte[] payload) {
        try {
            send(opcode, payload);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** The next frame of any kind. */
    Heard read() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0f;
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = in.readNBytes(length);
        return new Heard(opcode, ByteBuffer.wrap(payload));
    }

    /** Reads until a frame of this kind. */
    Heard readUntil(int opcode) throws IOException {
        Heard heard = read();
        while (heard.opcode() != opcode) {
            heard = read();
        }
        return heard;
    }

    /** Whether the server closed the connection: it takes not even a ping. Reads nothing. */
    boolean isCutOff() {
        return !trySend(PING, new byte[0]);
    }

    /** Reads until the server ends the connection, and says how many bytes came. */
    long drain() throws IOException {
        long bytes = 0;
        try {
            while (true) {
                bytes += in.skipBytes(1 << 16) + 1L;
                in.readByte();
            }
        } catch (EOFException _) {
            return bytes;
        }
    }

    private void write(byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
