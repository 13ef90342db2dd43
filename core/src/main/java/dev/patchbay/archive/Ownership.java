package dev.patchbay.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who owns what is unpacked. */
public enum Ownership {
    /** The numeric owners of the archive, all modes, device nodes and extended attributes. Needs root. */
    AS_ARCHIVED,

    /**
     * The user of this process. {@code trusted.*} and {@code security.*} attributes are dropped and device nodes are
     * refused. For hosts without root, and for tests.
     */
    CURRENT_USER;

    /** Returns {@link #AS_ARCHIVED} if this process runs as root, else {@link #CURRENT_USER}. */
    public static Ownership ofThisProcess() {
        try {
            boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            return root ? AS_ARCHIVED : CURRENT_USER;
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not mounted", e);
        }
    }
}
