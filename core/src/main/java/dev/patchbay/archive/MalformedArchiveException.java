package dev.patchbay.archive;

/** Bytes that are not a complete, valid tar archive, plain or gzip-compressed. */
public final class MalformedArchiveException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    MalformedArchiveException(String detail) {
        super("the archive is not a valid tar: " + detail);
    }

    MalformedArchiveException(String detail, Throwable cause) {
        super("the archive is not a valid tar: " + detail, cause);
    }
}
