package dev.patchbay.benchmarks.micro;

import dev.patchbay.testing.FileTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Private folders for journals, on this machine's disk. */
final class JournalFolder {
    private JournalFolder() {}

    static Path make() {
        try {
            return Files.createTempDirectory("patchbay-journal");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        try {
            FileTrees.remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
