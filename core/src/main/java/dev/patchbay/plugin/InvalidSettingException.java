package dev.patchbay.plugin;

import java.io.Serial;

/** Says why something cannot be set. The message names the setting, never its value. */
public final class InvalidSettingException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    InvalidSettingException(String message) {
        super(message);
    }
}
