package dev.patchbay;

/** The engine has as much to do as it takes on: its mailbox is full, or too much waits for the event journal. */
public final class EngineBusyException extends PluginException implements Retryable {
    private static final long serialVersionUID = 1L;

    private final int limit;

    /** Makes one from how many commands may wait. */
    public EngineBusyException(int limit) {
        this(limit, "commands wait");
    }

    /** Makes one from a limit and what it is one of, with its verb. */
    public EngineBusyException(int limit, String what) {
        super("the engine is busy: " + limit + " " + what + " already; try again in a moment", null);
        this.limit = limit;
    }

    /** How many may wait. */
    public int limit() {
        return limit;
    }
}
