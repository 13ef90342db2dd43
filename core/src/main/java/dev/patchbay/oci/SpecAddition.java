package dev.patchbay.oci;

import dev.patchbay.plugin.InstalledPlugin;

/**
 * A host's change to the containers of some plugins: a socket that they expect, a variable. A pure function: it is asked
 * before each start, and a plugin that runs with another spec than it says now is restarted when it is taken over.
 */
@FunctionalInterface
public interface SpecAddition {
    /**
     * The spec with the change. What it throws is why the plugin does not start.
     *
     * @throws InvalidSpecException if the plugin cannot be started so, with a sentence for its user
     */
    RuntimeSpec to(RuntimeSpec spec, InstalledPlugin plugin);

    /**
     * Shows a file or folder of the host to the plugin, which is not to write there. What the host has mounted below it comes
     * with it, and is as writable as it is on the host: "ro" is not recursive.
     */
    static SpecAddition bind(String source, String destination) {
        return (spec, _) -> spec.withBind(source, destination, "rbind", "ro");
    }

    /** Gives it a variable, in place of any of the same name. */
    static SpecAddition variable(String name, String value) {
        return (spec, _) -> spec.withVariable(name, value);
    }
}
