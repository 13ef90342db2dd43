package dev.patchbay.archive;

/** An entry that is refused because of what it is or where it would go. */
public final class UnsafeEntryException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    private final String entry;
    private final String reason;

    UnsafeEntryException(String entry, String reason) {
        super("archive entry " + quoted(entry) + " is refused: " + reason);
        this.entry = entry;
        this.reason = reason;
    }

    /** Returns the name of the entry as the archive has it. */
    public String entry() {
        return entry;
    }

    /** Returns why it is refused. */
    public String reason() {
        return reason;
    }
}
