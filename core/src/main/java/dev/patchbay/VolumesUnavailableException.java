package dev.patchbay;

/** Nothing can be done with volumes, or with this one, at this moment: they are still being read, or too much waits. */
public final class VolumesUnavailableException extends PluginException implements Retryable {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence that says why. */
    public VolumesUnavailableException(String message) {
        super(message, null);
    }
}
