package dev.patchbay.executor.runc;

import dev.patchbay.executor.LogLine.Stream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One line of a monitor's log file, in the format that Kubernetes reads: time, stream, {@code P} for a piece of a line or
 * {@code F} for a whole line or its last piece, text (conmon, {@code ctr_logging.c}).
 *
 * @param text bytes, all of its array, since a piece may end within a character
 */
record LogEntry(Instant time, Stream stream, boolean partial, ByteBuffer text) {
    private static final byte SPACE = ' ';

    /** Reads a line of the file, without its line end; empty if it has another form. */
    static Optional<LogEntry> parse(byte[] line, int from, int to) {
        int timeEnd = indexOfSpace(line, from, to);
        int streamEnd = timeEnd < 0 ? -1 : indexOfSpace(line, timeEnd + 1, to);
        if (streamEnd < 0 || streamEnd + 2 > to) {
            return Optional.empty();
        }
        boolean hasText = streamEnd + 2 < to;
        byte tag = line[streamEnd + 1];
        if ((tag != 'P' && tag != 'F') || (hasText && line[streamEnd + 2] != SPACE)) {
            return Optional.empty();
        }
        Optional<Stream> stream = stream(ascii(line, timeEnd + 1, streamEnd));
        Optional<Instant> time = MonitorTime.parse(ascii(line, from, timeEnd));
        if (stream.isEmpty() || time.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer text = ByteBuffer
                .wrap(hasText ? Arrays.copyOfRange(line, streamEnd + 3, to) : new byte[0]);
        return Optional.of(new LogEntry(time.get(), stream.get(), tag == 'P', text));
    }

    /** The line that ends an unended line of a stream, with its line end. */
    static byte[] end(Instant time, Stream stream) {
        String name = stream == Stream.STDOUT ? "stdout" : "stderr";
        return (time + " " + name + " F \n").getBytes(StandardCharsets.US_ASCII);
    }

    private static int indexOfSpace(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == SPACE) {
                return i;
            }
        }
        return -1;
    }

    private static String ascii(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.US_ASCII);
    }

    private static Optional<Stream> stream(String name) {
        return switch (name) {
            case "stdout" -> Optional.of(Stream.STDOUT);
            case "stderr" -> Optional.of(Stream.STDERR);
            default -> Optional.empty();
        };
    }
}
