package dev.patchbay.plugin;

import java.util.List;

/**
 * Settings as they come over from one version of a plugin to the next.
 *
 * @param settings for the next version
 * @param dropped the names of what the user had changed and the next version cannot be given: it is gone there, has
 *     another name, can no longer be set, or cannot have that value. Names only, because values may be secret
 */
public record CarriedSettings(Settings settings, List<String> dropped) {
    /** Copies. */
    public CarriedSettings {
        dropped = List.copyOf(dropped);
    }
}
