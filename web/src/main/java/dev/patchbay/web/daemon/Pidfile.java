package dev.patchbay.web.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with this process's id. As in dockerd, a file that names a living process is respected, a stale one replaced,
 * and our own removed at the end.
 */
final class Pidfile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pidfile.class);

    private final Path path;

    private Pidfile(Path path) {
        this.path = path;
    }

    /**
     * Writes the file.
     *
     * @throws UsageException if it names a living process or cannot be written
     */
    static Pidfile write(Path path) {
        try {
            long other = processIn(path);
            if (other != ProcessHandle.current().pid()
                    && ProcessHandle.of(other).map(ProcessHandle::isAlive).orElse(false)) {
                throw UsageException.surroundings(
                        "the process " + other + " of pidfile " + path
                                + " is still running; stop it or choose another"
                                + " --pidfile");
            }
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            // Removed first, not overwritten: a link in its place must not lead the write elsewhere.
            Files.deleteIfExists(path);
            Files.writeString(path, Long.toString(ProcessHandle.current().pid()));
            return new Pidfile(path);
        } catch (IOException e) {
            throw UsageException.surroundings("the pidfile " + path + " cannot be written: " + e);
        }
    }

    /** The process that a pidfile names, 0 if it names none. */
    private static long processIn(Path path) throws IOException {
        try {
            String text = Files.readString(path).strip();
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
        } catch (NoSuchFileException _) {
            return 0;
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("the pidfile {} cannot be removed: {}", path, e.toString());
        }
    }
}
