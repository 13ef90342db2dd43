package dev.patchbay;

/** The engine's mailbox is full. */
public final class EngineBusyException extends PluginException implements Retryable {
    private static final long serialVersionUID = 1L;

    private final int mailboxSize;

    /** Makes one from the mailbox's capacity. */
    public EngineBusyException(int mailboxSize) {
        super("the engine is busy: " + mailboxSize + " commands wait already; try again in a moment", null);
        this.mailboxSize = mailboxSize;
    }

    /** How many commands the mailbox holds. */
    public int mailboxSize() {
        return mailboxSize;
    }
}
