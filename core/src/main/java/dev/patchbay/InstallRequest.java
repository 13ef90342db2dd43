package dev.patchbay;

import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import java.util.List;
import java.util.Optional;

/**
 * What to install from a registry.
 *
 * @param remote where it is published; the default tag is meant where it has neither tag nor digest
 * @param alias the local name; otherwise it is derived from {@code remote}
 * @param granted the privileges that the user consents to: exactly those that the plugin asks for, see
 *     {@link Plugins#privileges}
 * @param access on whose behalf the registry is talked to
 */
public record InstallRequest(Reference remote, Optional<PluginName> alias, List<Privilege> granted,
        RegistryAccess access) {
    /** Copies the privileges. */
    public InstallRequest {
        granted = List.copyOf(granted);
    }
}
