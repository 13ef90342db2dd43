package dev.patchbay.benchmarks.load;

/** An argument that cannot be meant; the message is a sentence for whoever typed it. */
final class LoadUsageException extends Exception {
    private static final long serialVersionUID = 1;

    LoadUsageException(String message) {
        super(message);
    }
}
