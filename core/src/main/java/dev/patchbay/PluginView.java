package dev.patchbay;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.use.Holders;
import java.util.Optional;

/**
 * A plugin as it is installed, and how it is at this moment.
 *
 * @param previousReference where the version came from that {@link Plugins#rollBack} goes back to, if there is one
 * @param inUseBy who holds it
 */
public record PluginView(InstalledPlugin plugin, Status status, Optional<String> previousReference,
        Holders inUseBy) implements Provider {
    /** Makes one of a plugin that nobody holds and that has no previous version. */
    public PluginView(InstalledPlugin plugin, Status status) {
        this(plugin, status, Optional.empty(), Holders.NONE);
    }

    @Override
    public String name() {
        return plugin.name().familiar();
    }
}
