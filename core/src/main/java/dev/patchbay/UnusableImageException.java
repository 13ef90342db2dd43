package dev.patchbay;

import org.jspecify.annotations.Nullable;

/** What was published or imported is no plugin for this machine: an ordinary image, another platform, a bad configuration. */
public final class UnusableImageException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence and what it follows from. */
    public UnusableImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
