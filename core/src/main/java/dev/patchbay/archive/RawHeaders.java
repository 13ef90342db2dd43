package dev.patchbay.archive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * The header bytes of one entry, read a second time for what the parser does not keep exactly: binary values in PAX
 * records (pax(1), "pax Extended Header"), and whether names came from there.
 */
final class RawHeaders {
    static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;

    private static final String XATTR_PREFIX = "SCHILY.xattr.";
    private static final Set<String> NAME_KEYS = Set.of("path", "GNU.sparse.name");
    private static final int SIZE_OFFSET = 124;
    private static final int TYPE_OFFSET = 156;

    private final byte[] bytes;
    private final int firstBlock;
    private final Map<String, byte[]> attributes = new HashMap<>();
    private boolean nameInPax;
    private boolean linkInPax;

    /**
     * @param bytes what passed, starting anywhere
     * @param start where it started in the archive: headers lie on multiples of {@link #BLOCK}
     */
    RawHeaders(byte[] bytes, long start) {
        this.bytes = bytes;
        this.firstBlock = (int) ((BLOCK - start % BLOCK) % BLOCK);
    }

    /** Reads the PAX records before the entry's own header. */
    RawHeaders parsed() throws MalformedArchiveException {
        int at = firstBlock;
        while (at + BLOCK <= bytes.length) {
            byte type = bytes[at + TYPE_OFFSET];
            long size = TarUtils.parseOctalOrBinary(bytes, at + SIZE_OFFSET, TarConstants.SIZELEN);
            boolean extended = type == TarConstants.LF_PAX_EXTENDED_HEADER_LC
                    || type == TarConstants.LF_PAX_EXTENDED_HEADER_UC;
            boolean before = extended || type == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER
                    || type == TarConstants.LF_GNUTYPE_LONGNAME || type == TarConstants.LF_GNUTYPE_LONGLINK;
            if (!before) {
                return this;
            }
            int data = at + BLOCK;
            if (size < 0 || size > bytes.length - data) {
                throw new MalformedArchiveException("a header extension is longer than what follows it");
            }
            if (extended) {
                records(data, data + (int) size, this::keep);
            }
            at = data + (int) ((size + BLOCK - 1) / BLOCK * BLOCK);
        }
        return this;
    }

    private void keep(String key, byte[] value) {
        if (key.startsWith(XATTR_PREFIX)) {
            attributes.put(key.substring(XATTR_PREFIX.length()), value);
        }
        nameInPax |= NAME_KEYS.contains(key);
        linkInPax |= key.equals("linkpath");
    }

    /** Extended attributes of the entry, values byte by byte. */
    Map<String, byte[]> attributes() {
        return attributes;
    }

    boolean nameInPax() {
        return nameInPax;
    }

    boolean linkInPax() {
        return linkInPax;
    }

    /** Tells whether an end-of-archive block, all zero, is among the last two blocks that passed. */
    boolean endMarked() {
        int blocks = (bytes.length - firstBlock) / BLOCK;
        List<Integer> last = new ArrayList<>();
        for (int i = Math.max(0, blocks - 2); i < blocks; i++) {
            last.add(firstBlock + i * BLOCK);
        }
        return last.stream().anyMatch(this::zeroBlock);
    }

    /** Tells whether nothing but padding passed. */
    boolean empty() {
        return bytes.length <= firstBlock;
    }

    private boolean zeroBlock(int at) {
        for (int i = at; i < at + BLOCK; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads records of the form {@code "length key=value\n"}, where length counts the whole record. */
    private void records(int from, int to, BiConsumer<String, byte[]> each) throws MalformedArchiveException {
        int at = from;
        // Some writers fill the last block with NULs inside the declared size.
        while (at < to && bytes[at] != 0) {
            int space = indexOf(' ', at, to);
            int end = at + number(at, space);
            if (end <= space + 1 || end > to || bytes[end - 1] != '\n') {
                throw new MalformedArchiveException("a PAX record has a wrong length");
            }
            int equals = indexOf('=', space, end);
            String key = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            byte[] value = Arrays.copyOfRange(bytes, equals + 1, end - 1);
            each.accept(key, value);
            at = end;
        }
    }

    private int number(int from, int to) throws MalformedArchiveException {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || to - from > 9) {
                throw new MalformedArchiveException("a PAX record's length is not a number");
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private int indexOf(char wanted, int from, int to) throws MalformedArchiveException {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw new MalformedArchiveException("a PAX record lacks its '" + wanted + "'");
    }
}
