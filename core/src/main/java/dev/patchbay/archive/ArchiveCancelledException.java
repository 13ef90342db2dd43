package dev.patchbay.archive;

/** Work on an archive that was stopped by an interrupt. The thread is still interrupted. */
public final class ArchiveCancelledException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    ArchiveCancelledException() {
        super("work on the archive was cancelled");
    }

    ArchiveCancelledException(Throwable cause) {
        super("work on the archive was cancelled", cause);
    }
}
