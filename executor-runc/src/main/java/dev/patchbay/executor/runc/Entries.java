package dev.patchbay.executor.runc;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is in folders. */
final class Entries {
    private Entries() {}

    /**
     * Lists a folder, in no order; nothing is in one that is not there. Blocks.
     *
     * @throws IOException also if the disk fails in the middle, which a directory stream tells by an exception that callers
     *     of methods with I/O do not expect
     */
    static List<Path> in(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            var found = new ArrayList<Path>();
            entries.forEach(found::add);
            return found;
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
