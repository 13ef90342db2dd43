package dev.patchbay.web.daemon;

import java.io.Serial;

/** A command line, configuration or surrounding that the daemon cannot start with; one sentence with the remedy. */
final class UsageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    private UsageException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The user has to change the command line or the configuration file. */
    static UsageException configuration(String message) {
        return new UsageException(ExitCode.USAGE, message);
    }

    /** The user has to change something about the machine. */
    static UsageException surroundings(String message) {
        return new UsageException(ExitCode.FAILURE, message);
    }

    ExitCode exitCode() {
        return exitCode;
    }
}
