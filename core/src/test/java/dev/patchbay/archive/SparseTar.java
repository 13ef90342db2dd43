package dev.patchbay.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Tars with one sparse file in the old GNU form (tar(5), "GNU tar archives"). */
final class SparseTar {
    private SparseTar() {}

    /** A file of a size with one text at an offset, before a proper end of the archive. */
    static byte[] of(String name, long size, long offset, String text) {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        byte[] tar = new TarBuilder().entry(name, TarConstants.LF_GNUTYPE_SPARSE, content, _ -> {}).bytes();
        put(tar, 257, "ustar  \0");
        // Two pieces of the map: the text, and one of no length at the end, which gives the hole behind the text.
        put(tar, 386, octal(offset) + octal(content.length) + octal(size) + octal(0));
        put(tar, 483, octal(size));
        HostileLayerTest.fixChecksum(tar);
        return tar;
    }

    /** The entry alone, to be followed by others. */
    static byte[] entry(String name, long size, long offset, String text) {
        return Arrays.copyOf(of(name, size, offset, text), 1024);
    }

    private static String octal(long value) {
        return String.format("%011o\0", value);
    }

    private static void put(byte[] target, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, target, at, bytes.length);
    }
}
