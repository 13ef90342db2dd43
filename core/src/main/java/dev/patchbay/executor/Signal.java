package dev.patchbay.executor;

/** The signals that the engine sends, with their numbers of signal(7). */
public enum Signal {
    /** Asks a process to end. */
    TERM(15),
    /** Ends a process. */
    KILL(9);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The signal's number on Linux. */
    public int number() {
        return number;
    }
}
