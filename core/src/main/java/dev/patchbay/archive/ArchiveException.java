package dev.patchbay.archive;

import java.io.IOException;

/** A failure to read an archive or to place what it holds. Each leaf is one cause. */
public abstract sealed class ArchiveException extends IOException
        permits MalformedArchiveException, ArchiveLimitException, UnsafeEntryException,
        EntryNotPlacedException,
        MissingConfigException, MissingRootfsException, ArchiveCancelledException {
    private static final long serialVersionUID = 1L;

    ArchiveException(String message) {
        super(message);
    }

    ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns an entry's name fit for a message: quoted, control characters made visible, cut at 200 characters. */
    static String quoted(String entry) {
        String shown = entry.length() > 200 ? entry.substring(0, 200) + "..." : entry;
        StringBuilder text = new StringBuilder("\"");
        shown.chars()
                .forEach(
                        c -> text.append(Character.isISOControl(c) ? String.format("\\x%02x", c) : (char) c));
        return text.append('"').toString();
    }
}
