package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.Kind;
import dev.patchbay.archive.TarItem.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a layer as a POSIX tar (pax(1)): ustar headers, and PAX records for what does not fit into them.
 *
 * <p>Our own writer, because the library's turns PAX values into text and so destroys binary attributes. The bytes
 * depend on the entries alone. User and group names are left out: numbers count. Sparse files are written in full.
 */
final class LayerTarWriter {
    private static final int BLOCK = RawHeaders.BLOCK;
    private static final int NAME_BYTES = 100;
    private static final long MAX_OCTAL_7 = 0777_7777;
    private static final long MAX_OCTAL_11 = 0777_7777_7777L;
    private static final byte[] ZEROS = new byte[2 * BLOCK];

    private final OutputStream target;
    private long written;

    LayerTarWriter(OutputStream target) {
        this.target = target;
    }

    /** Writes the headers of an entry; its content, if it has one, must follow through {@link #content}. */
    void header(TarItem item) throws IOException {
        pad();
        Map<String, byte[]> records = records(item);
        if (!records.isEmpty()) {
            byte[] body = encoded(records);
            write(header("PaxHeaders/" + Math.floorMod(item.name().hashCode(), 1_000_000), 'x', body.length,
                    new Metadata(0644, 0, 0, item.metadata().modified(), Map.of()), item.kind()));
            write(body);
            pad();
        }
        write(header(item.name(), typeFlag(item.kind()), size(item.kind()), item.metadata(), item.kind()));
    }

    /** The headers of one entry by themselves: a whole number of blocks. */
    static byte[] headerBytes(TarItem item) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new LayerTarWriter(bytes).header(item);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    void content(byte[] bytes, int length) throws IOException {
        target.write(bytes, 0, length);
        written += length;
    }

    /** Writes the end of the archive. */
    void finish() throws IOException {
        pad();
        write(ZEROS);
    }

    private void pad() throws IOException {
        int over = (int) (written % BLOCK);
        if (over > 0) {
            content(ZEROS, BLOCK - over);
        }
    }

    private void write(byte[] bytes) throws IOException {
        content(bytes, bytes.length);
    }

    private static Map<String, byte[]> records(TarItem item) {
        Map<String, byte[]> records = new TreeMap<>();
        Metadata metadata = item.metadata();
        text(records, "path", item.name());
        text(records, "linkpath", link(item.kind()));
        number(records, "size", size(item.kind()), MAX_OCTAL_11);
        number(records, "uid", metadata.uid(), MAX_OCTAL_7);
        number(records, "gid", metadata.gid(), MAX_OCTAL_7);
        Instant time = metadata.modified().toInstant();
        if (time.getNano() != 0 || time.getEpochSecond() < 0 || time.getEpochSecond() > MAX_OCTAL_11) {
            records.put("mtime", ascii(decimal(time)));
        }
        metadata.attributes().forEach((name, value) -> records.put("SCHILY.xattr." + name, value));
        return records;
    }

    private static void text(Map<String, byte[]> records, String key, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > NAME_BYTES || bytes.length != value.length()) {
            records.put(key, bytes);
        }
    }

    private static void number(Map<String, byte[]> records, String key, long value, long max) {
        if (value > max) {
            records.put(key, ascii(Long.toString(value)));
        }
    }

    private static String decimal(Instant time) {
        return new BigDecimal(time.getEpochSecond())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static byte[] encoded(Map<String, byte[]> records) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            byte[] start = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
            int rest = start.length + value.length + 1;
            int length = rest + digits(rest);
            if (digits(length) != digits(rest)) {
                length = rest + digits(length);
            }
            body.writeBytes(ascii(Integer.toString(length)));
            body.writeBytes(start);
            body.writeBytes(value);
            body.write('\n');
        });
        return body.toByteArray();
    }

    private static int digits(int number) {
        return Integer.toString(number).length();
    }

    private static byte[] header(String name, char type, long size, Metadata metadata, Kind kind) {
        byte[] header = new byte[BLOCK];
        put(header, 0, NAME_BYTES, name.getBytes(StandardCharsets.UTF_8));
        octal(header, 100, 8, metadata.mode());
        octal(header, 108, 8, fitting(metadata.uid(), MAX_OCTAL_7));
        octal(header, 116, 8, fitting(metadata.gid(), MAX_OCTAL_7));
        octal(header, 124, 12, fitting(size, MAX_OCTAL_11));
        octal(header, 136, 12, fitting(metadata.modified().toInstant().getEpochSecond(), MAX_OCTAL_11));
        header[156] = (byte) type;
        if (type != 'x') {
            put(header, 157, NAME_BYTES, link(kind).getBytes(StandardCharsets.UTF_8));
        }
        put(header, 257, 8, ascii("ustar\00000"));
        if (kind instanceof Kind.Device(_, int major, int minor)) {
            octal(header, 329, 8, major);
            octal(header, 337, 8, minor);
        }
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        octal(header, 148, 7, sum); // six digits, NUL, and the space that is there
        return header;
    }

    /** A number that does not fit is in a PAX record, and the field is ignored. */
    private static long fitting(long value, long max) {
        return value < 0 || value > max ? 0 : value;
    }

    private static void octal(byte[] header, int offset, int length, long value) {
        String digits = Long.toOctalString(value);
        put(header, offset, length, ascii("0".repeat(length - 1 - digits.length()) + digits + "\0"));
    }

    private static void put(byte[] header, int offset, int length, byte[] value) {
        System.arraycopy(value, 0, header, offset, Math.min(length, value.length));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static long size(Kind kind) {
        return switch (kind) {
            case Kind.Regular(long size, _) -> size;
            case Kind.Directory _,Kind.Symlink _,Kind.HardLink _,Kind.Device _,Kind.Fifo _ -> 0;
        };
    }

    private static String link(Kind kind) {
        return switch (kind) {
            case Kind.Symlink(String target) -> target;
            case Kind.HardLink(String target) -> target;
            case Kind.Regular _,Kind.Directory _,Kind.Device _,Kind.Fifo _ -> "";
        };
    }

    private static char typeFlag(Kind kind) {
        return switch (kind) {
            case Kind.Regular _ -> '0';
            case Kind.HardLink _ -> '1';
            case Kind.Symlink _ -> '2';
            case Kind.Device(var type, _, _) -> type.typeFlag();
            case Kind.Directory _ -> '5';
            case Kind.Fifo _ -> '6';
        };
    }
}
