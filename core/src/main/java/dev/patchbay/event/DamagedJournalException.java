package dev.patchbay.event;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A journal's file is not what a journal writes. */
final class DamagedJournalException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final String what;

    DamagedJournalException(Path file, String what, @Nullable Throwable cause) {
        super(file + " is damaged (" + what
                + "); it is put aside, and another one begun, when it is opened next",
                cause);
        this.what = what;
    }

    /** What is wrong with it. */
    String what() {
        return what;
    }
}
