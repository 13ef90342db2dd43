package dev.patchbay.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** PAX records with values that are no text, which the library cannot write. */
final class PaxRecords {
    private PaxRecords() {}

    static byte[] record(String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + String.valueOf(rest + 1).length();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.UTF_8));
        record.writeBytes(value);
        record.write('\n');
        return record.toByteArray();
    }

    /** Puts one record before the first entry of an archive. */
    static byte[] before(byte[] tar, String key, byte[] value) {
        byte[] header = new TarBuilder()
                .entry("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC, record(key, value), _ -> {})
                .bytes();
        return HostileLayerTest.concat(Arrays.copyOf(header, 1024), tar);
    }

    static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }
}
