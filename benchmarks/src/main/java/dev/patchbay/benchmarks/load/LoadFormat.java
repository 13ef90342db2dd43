package dev.patchbay.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a stream is made of, and how its events are found in it with as little work as possible: the generator shares the
 * machine with what it measures.
 */
public enum LoadFormat {
    /** Frames of the event stream, whose first fields have fixed places; each event names the one before it. */
    WEB_SOCKET {
        @Override
        void read(ChannelHandlerContext context, ByteBuf in, LoadConnection connection) {
            while (true) {
                int at = in.readerIndex();
                int header = headerLength(in, at);
                if (in.readableBytes() < header) {
                    return;
                }
                int length = contentLength(in, at, header);
                if (in.readableBytes() < header + length) {
                    return;
                }
                switch (in.getByte(at) & OPCODE) {
                    case TEXT -> text(context, in, at + header, header + length, connection);
                    case PING -> {
                        var _ = context.writeAndFlush(pong(context, in, at + header, length));
                    }
                    case CLOSE -> {
                        var _ = context.close();
                    }
                    default -> {
                    }
                }
                in.readerIndex(at + header + length);
            }
        }

        @Override
        int status() {
            return 101;
        }
    },
    /** Docker's events: one JSON object a line, in chunks; the last field is the time in nanoseconds. */
    DOCKER {
        @Override
        void read(ChannelHandlerContext context, ByteBuf in, LoadConnection connection) {
            while (true) {
                int start = in.readerIndex();
                int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
                if (end < 0) {
                    largeLength(in.readableBytes());
                    return;
                }
                in.readerIndex(end + 1);
                if (end > start && in.getByte(end - 1) == '}') { // else it is where a chunk begins
                    connection.event(end + 1 - start, nanosBefore(in, end - 1));
                }
            }
        }

        @Override
        int status() {
            return 200;
        }
    };

    private static final int OPCODE = 0x0f;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 0x8a;
    private static final int MASKED = 0x80;
    private static final int SHORT_HEADER = 2;
    private static final int USUAL_HEADER = 4;
    private static final int LONG_HEADER = 10;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int LARGEST_FRAME = 1 << 24;

    private static final String PLACE = "\"resumeFrom\":\"";
    private static final int KIND_AT = "{\"frame\":\"".length();
    private static final int SEQ_AT = "{\"frame\":\"event\",\"seq\":".length();
    private static final int TO_PREV = ",\"prev\":".length();
    private static final int TO_TIME = ",\"time\":\"".length();

    /** Takes all that is whole of what has come. */
    abstract void read(ChannelHandlerContext context, ByteBuf in, LoadConnection connection);

    /** The status of the answer that begins such a stream. */
    abstract int status();

    private static int headerLength(ByteBuf in, int at) {
        if (in.readableBytes() < SHORT_HEADER) {
            return SHORT_HEADER;
        }
        return switch (in.getByte(at + 1) & ~MASKED) {
            case TWO_BYTES -> USUAL_HEADER;
            case EIGHT_BYTES -> LONG_HEADER;
            default -> SHORT_HEADER;
        };
    }

    private static int contentLength(ByteBuf in, int at, int header) {
        return switch (header) {
            case USUAL_HEADER -> in.getUnsignedShort(at + SHORT_HEADER);
            case LONG_HEADER -> largeLength(in.getLong(at + SHORT_HEADER));
            default -> in.getByte(at + 1) & ~MASKED;
        };
    }

    private static int largeLength(long bytes) {
        if (bytes < 0 || bytes > LARGEST_FRAME) {
            throw new IllegalStateException("the server sends a frame of " + bytes + " bytes");
        }
        return (int) bytes;
    }

    /** A masked frame, whose mask of zeros changes nothing. */
    private static ByteBuf pong(ChannelHandlerContext context, ByteBuf in, int at, int length) {
        return context.alloc()
                .buffer()
                .writeByte(PONG)
                .writeByte(MASKED | length)
                .writeInt(0)
                .writeBytes(in, at, length);
    }

    private static void text(ChannelHandlerContext context, ByteBuf in, int at, int bytes,
            LoadConnection connection) {
        switch (in.getByte(at + KIND_AT)) {
            case 'e' -> {
                if (in.getByte(at + KIND_AT + 1) == 'v') { // else it is an error
                    event(in, at, bytes, connection);
                }
            }
            case 's' -> {
                if (in.getByte(at + KIND_AT + 1) == 'u') { // else it is of a snapshot
                    connection.subscribed(context, place(in, at));
                }
            }
            case 'g' -> connection.gap();
            default -> { // hello, bookmark
            }
        }
    }

    /** The place in a frame that says where a subscription begins; empty if it says none. */
    private static String place(ByteBuf in, int at) {
        int end = in.indexOf(at, in.writerIndex(), (byte) '}');
        String frame = in.toString(at, end - at, StandardCharsets.US_ASCII);
        int field = frame.indexOf(PLACE);
        int begin = field + PLACE.length();
        return field < 0 ? "" : frame.substring(begin, frame.indexOf('"', begin));
    }

    private static void event(ByteBuf in, int at, int bytes, LoadConnection connection) {
        int place = at + SEQ_AT;
        long seq = 0;
        for (byte digit = in.getByte(place); digit != ','; digit = in.getByte(++place)) {
            seq = 10 * seq + digit - '0';
        }
        place += TO_PREV;
        long prev = 0;
        for (byte digit = in.getByte(place); digit != ','; digit = in.getByte(++place)) {
            prev = 10 * prev + digit - '0';
        }
        connection.event(seq, prev, bytes, in, place + TO_TIME);
    }

    /** The time in the text at a place, in nanoseconds since 1970. */
    static long time(ByteBuf in, int at) {
        int end = in.indexOf(at, in.writerIndex(), (byte) '"');
        Instant time = Instant.parse(in.toString(at, end - at, StandardCharsets.US_ASCII));
        return nanos(time);
    }

    /** Nanoseconds since 1970. */
    static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }

    private static long nanosBefore(ByteBuf in, int end) {
        long nanos = 0;
        long weight = 1;
        for (int at = end - 1; in.getByte(at) >= '0' && in.getByte(at) <= '9'; at--) {
            nanos += weight * (in.getByte(at) - '0');
            weight *= 10;
        }
        return nanos;
    }
}
