package dev.patchbay.archive;

import java.io.IOException;

/** The bytes of one file, read once from front to back. */
@FunctionalInterface
interface Content {
    /** Fills a buffer partly or wholly and returns how many bytes it got, or -1 at the end. */
    int read(byte[] buffer) throws IOException;
}
