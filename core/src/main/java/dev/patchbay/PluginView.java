package dev.patchbay;

import dev.patchbay.plugin.InstalledPlugin;
import java.util.Optional;

/**
 * A plugin as it is installed, and how it is at this moment.
 *
 * @param previousReference where the version came from that {@link Plugins#rollBack} goes back to, if there is one
 */
public record PluginView(InstalledPlugin plugin, Status status, Optional<String> previousReference) {
    /** Makes one of a plugin without a previous version. */
    public PluginView(InstalledPlugin plugin, Status status) {
        this(plugin, status, Optional.empty());
    }
}
