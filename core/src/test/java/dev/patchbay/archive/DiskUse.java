package dev.patchbay.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** How much of the disk a file takes, which Java cannot tell. */
final class DiskUse {
    private DiskUse() {}

    static long bytes(Path file) {
        try {
            Process process = new ProcessBuilder("stat", "--format=%b", file.toString()).start();
            String blocks = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip();
            return Long.parseLong(blocks) * 512;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
