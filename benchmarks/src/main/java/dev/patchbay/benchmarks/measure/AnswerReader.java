package dev.patchbay.benchmarks.measure;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads answers, one after the other, from a connection: with a length, or in chunks as dockerd sends what is long. */
final class AnswerReader {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");
    private static final Pattern CHUNKED = Pattern.compile("(?i)\r\ntransfer-encoding: *chunked\r\n");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})[ \r]");
    private static final String LINE_END = "\r\n";
    private static final int BUFFER = 64 * 1024;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;

    /** The largest body; lists of ten thousand plugins have a tenth of it. */
    private static final int LARGEST = 256 << 20;

    private final ReadableByteChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).flip();

    AnswerReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    UnixHttp.Answer read() throws IOException {
        String head = until("\r\n\r\n") + LINE_END;
        int status = status(head);
        if (CHUNKED.matcher(head).find()) {
            return new UnixHttp.Answer(status, chunks());
        }
        Matcher length = LENGTH.matcher(head);
        byte[] body = new byte[length.find() ? size(length.group(1), DECIMAL, 0) : 0];
        take(body);
        return new UnixHttp.Answer(status, body);
    }

    private static int status(String head) throws IOException {
        Matcher status = STATUS.matcher(head);
        if (!status.lookingAt()) {
            throw new IOException("what answers there does not speak HTTP");
        }
        return Integer.parseInt(status.group(1));
    }

    /** How many bytes come, which there must be room for beside those that have come. */
    private static int size(String text, int radix, int before) throws IOException {
        try {
            int size = Integer.parseUnsignedInt(text.strip(), radix);
            if (size >= 0 && size <= LARGEST - before) {
                return size;
            }
        } catch (NumberFormatException _) {
            // falls through to the sentence below
        }
        throw new IOException("an answer says of its size what cannot be, or is too much");
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(0); size > 0; size = chunkSize(body.size())) {
            byte[] chunk = new byte[size];
            take(chunk);
            body.writeBytes(chunk);
            until(LINE_END);
        }
        until(LINE_END);
        return body.toByteArray();
    }

    private int chunkSize(int before) throws IOException {
        return size(until(LINE_END).replaceFirst(";.*", ""), HEXADECIMAL, before);
    }

    /** What comes before some text, which is taken too. */
    private String until(String end) throws IOException {
        while (true) {
            for (int at = in.position(); at + end.length() <= in.limit(); at++) {
                if (matches(end, at)) {
                    byte[] before = new byte[at - in.position()];
                    in.get(before).position(at + end.length());
                    return new String(before, StandardCharsets.ISO_8859_1);
                }
            }
            more();
        }
    }

    private boolean matches(String text, int at) {
        for (int index = 0; index < text.length(); index++) {
            if (in.get(at + index) != text.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    private void take(byte[] into) throws IOException {
        int had = Math.min(in.remaining(), into.length);
        in.get(into, 0, had);
        ByteBuffer rest = ByteBuffer.wrap(into, had, into.length - had);
        while (rest.hasRemaining()) {
            if (channel.read(rest) < 0) {
                throw ended();
            }
        }
    }

    private void more() throws IOException {
        in.compact();
        if (!in.hasRemaining()) {
            throw new IOException("the server sends a line without end");
        }
        int count = channel.read(in);
        in.flip();
        if (count < 0) {
            throw ended();
        }
    }

    private static EOFException ended() {
        return new EOFException("the server ended the connection in the middle of an answer");
    }
}
