package dev.patchbay;

/** A subscriber of events fell too far behind; events were lost to it and to nobody else. */
public final class SubscriberLaggedException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final int buffer;

    /** Makes one from the number of events that were kept for the subscriber. */
    public SubscriberLaggedException(int buffer) {
        super("the subscriber fell more than " + buffer + " events behind; reload and subscribe again", null);
        this.buffer = buffer;
    }

    /** How many events were kept for the subscriber. */
    public int buffer() {
        return buffer;
    }
}
