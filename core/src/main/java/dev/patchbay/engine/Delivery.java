package dev.patchbay.engine;

import dev.patchbay.plugin.PluginName;
import dev.patchbay.reference.Reference;
import dev.patchbay.store.StagedPlugin;

/** Staged content, and where it comes from. */
record Delivery(StagedPlugin staged, Origin origin) {
    /** Where content comes from. */
    sealed interface Origin {
        /** Made here, or carried here as an archive. */
        record Local() implements Origin {}

        /** Fetched from a registry, by exactly this reference. */
        record Remote(Reference reference) implements Origin {}
    }

    /** The reference that the plugin's record holds: as moby, the full one of what was pulled, else the name. */
    String reference(PluginName name) {
        return switch (origin) {
            case Origin.Local() -> name.familiar();
            case Origin.Remote(Reference reference) -> reference.full();
        };
    }
}
