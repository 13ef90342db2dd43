package dev.patchbay.archive;

/** An acceptable entry that the operating system did not let us place. */
public final class EntryNotPlacedException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    private final String entry;
    private final String reason;

    EntryNotPlacedException(String entry, String reason) {
        super("archive entry " + quoted(entry) + " cannot be placed: " + reason);
        this.entry = entry;
        this.reason = reason;
    }

    EntryNotPlacedException(String entry, String reason, Throwable cause) {
        super("archive entry " + quoted(entry) + " cannot be placed: " + reason, cause);
        this.entry = entry;
        this.reason = reason;
    }

    /** Returns the name of the entry as the archive has it. */
    public String entry() {
        return entry;
    }

    /** Returns what went wrong. */
    public String reason() {
        return reason;
    }
}
