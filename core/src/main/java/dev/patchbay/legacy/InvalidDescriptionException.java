package dev.patchbay.legacy;

/** A file does not say where a plugin listens; the message goes on after the file's path. */
final class InvalidDescriptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidDescriptionException(String problem) {
        super(problem);
    }
}
