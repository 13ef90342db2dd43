package dev.patchbay;

import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.use.Holders;
import java.util.Optional;

/**
 * A plugin as it is installed, and how it is at this moment.
 *
 * @param previousReference where the version came from that {@link Plugins#rollBack} goes back to, if there is one
 * @param inUseBy who holds it
 * @param limitOverrides what it was given instead of the engine's limits
 * @param limits what it may use and do, all in all, from its next start on; while it is enabled, that is what it runs with,
 *     unless the engine's limits have changed and it could not be started anew yet
 */
public record PluginView(InstalledPlugin plugin, Status status, Optional<String> previousReference,
        Holders inUseBy, LimitOverrides limitOverrides, PluginLimits limits) implements Provider {
    /** Makes one of a plugin that nobody holds and that has no previous version. */
    public PluginView(InstalledPlugin plugin, Status status) {
        this(plugin, status, Optional.empty(), Holders.NONE);
    }

    /** Makes one of a plugin that nothing limits. */
    public PluginView(InstalledPlugin plugin, Status status, Optional<String> previousReference,
            Holders inUseBy) {
        this(plugin, status, previousReference, inUseBy, LimitOverrides.NONE, PluginLimits.NONE);
    }

    @Override
    public String name() {
        return plugin.name().familiar();
    }
}
