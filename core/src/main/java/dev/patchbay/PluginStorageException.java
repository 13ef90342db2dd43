package dev.patchbay;

import org.jspecify.annotations.Nullable;

/**
 * The disk refused: full, read-only, broken. Nothing was changed. Or it hangs: then the message says that what was asked
 * may still come into effect.
 */
public final class PluginStorageException extends PluginException {
    private static final long serialVersionUID = 1L;

    /** Makes one from a sentence that names the path and the cause. */
    public PluginStorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
