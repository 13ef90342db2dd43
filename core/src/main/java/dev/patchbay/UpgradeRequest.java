package dev.patchbay;

import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import java.util.List;

/**
 * What to upgrade a plugin to.
 *
 * @param remote where the new version is published; the default tag is meant where it has neither tag nor digest
 * @param granted the privileges that the user consents to: exactly those that the new version asks for
 * @param access on whose behalf the registry is talked to
 */
public record UpgradeRequest(Reference remote, List<Privilege> granted, RegistryAccess access) {
    /** Copies the privileges. */
    public UpgradeRequest {
        granted = List.copyOf(granted);
    }
}
