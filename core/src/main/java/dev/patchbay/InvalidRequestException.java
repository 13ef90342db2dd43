package dev.patchbay;

import org.jspecify.annotations.Nullable;

/** What the caller sent can never be carried out: a bad name, context, config, setting or limit. */
public final class InvalidRequestException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence that names the cause. */
    public InvalidRequestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
