package dev.patchbay.web.daemon;

/** The program's exit codes. A second TERM or INT ends it at once with 128 plus the signal's number. */
enum ExitCode {
    /** All went well. */
    OK(0),
    /** It could not start, or not stop cleanly in time. */
    FAILURE(1),
    /** The command line or the configuration file is wrong. */
    USAGE(2);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
