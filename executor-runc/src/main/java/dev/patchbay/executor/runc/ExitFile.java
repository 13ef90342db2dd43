package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The exit code that a monitor leaves in its exit directory: a decimal number, complete as soon as it is there (it is
 * renamed into place).
 *
 * <p>A monitor writes 128 + n for a process ended by signal n, and cannot be asked whether the process itself returned
 * that number; both are taken for the signal.
 */
final class ExitFile {
    private static final int MAX_BYTES = 64;
    private static final int SIGNAL_BASE = 128;
    private static final int MAX_SIGNAL = 64;
    private static final int MAX_CODE = 255;

    private ExitFile() {}

    /** How the container ended; empty if the monitor did not say. */
    static Optional<ExitStatus> read(Path file, boolean outOfMemory) throws IOException {
        try {
            return Optional.of(parse(content(file), outOfMemory));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static String content(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new String(stream.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    static ExitStatus parse(String text, boolean outOfMemory) {
        try {
            int code = Integer.parseInt(text.strip());
            if (code > SIGNAL_BASE && code <= SIGNAL_BASE + MAX_SIGNAL) {
                return new ExitStatus.Signaled(code - SIGNAL_BASE, outOfMemory);
            }
            if (code >= 0 && code <= MAX_CODE) {
                return new ExitStatus.Exited(code);
            }
        } catch (NumberFormatException _) {
            // said below
        }
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return new ExitStatus.Unknown("the monitor wrote '" + shown + "' for an exit code");
    }
}
