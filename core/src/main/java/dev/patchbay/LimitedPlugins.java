package dev.patchbay;

import dev.patchbay.limits.LimitOverrides;
import reactor.core.publisher.Mono;

/** Plugins that may be given limits of their own. */
public interface LimitedPlugins {
    /**
     * Gives a disabled plugin other limits than its engine's, from its next start on, instead of all that it was given before;
     * {@link LimitOverrides#NONE} takes them back. They stay with it over upgrades and roll-backs, and are on disk when this
     * completes.
     *
     * @return completes empty; fails with {@link PluginConflictException} if the plugin is enabled: what it runs with is what
     *     can be seen of it
     */
    Mono<Void> limit(String nameOrId, LimitOverrides limits);
}
