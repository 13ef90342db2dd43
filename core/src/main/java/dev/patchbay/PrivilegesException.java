package dev.patchbay;

import dev.patchbay.plugin.Privilege;
import java.util.List;

/** The privileges that were granted are not those that the plugin asks for. */
public final class PrivilegesException extends PluginException {
    private static final long serialVersionUID = 1L;

    private final transient List<Privilege> asked;

    /** Makes one from what the plugin asks for and a sentence. */
    public PrivilegesException(List<Privilege> asked, String message) {
        super(message, null);
        this.asked = List.copyOf(asked);
    }

    /** What the plugin asks for: grant exactly this to go on. */
    public List<Privilege> asked() {
        return asked;
    }
}
