package dev.patchbay.client;

import dev.patchbay.PluginAddress;

/**
 * One start of a plugin, as a client sees it.
 *
 * @param plugin the plugin's name, for messages
 * @param generation the number of the start
 * @param address where it listens
 * @param scheme the protocol that its configuration names ({@code protocolScheme}); empty if it names none
 */
public record PluginEndpoint(String plugin, int generation, PluginAddress address, String scheme) {
    /** Docker's plugin protocol, which a plugin speaks that says nothing else. */
    public static final String DOCKER = "moby.plugins.http/v1";

    /** Puts the default in the place of no scheme. */
    public PluginEndpoint {
        scheme = scheme.isEmpty() ? DOCKER : scheme;
    }

    /** Whether calls can be made. */
    boolean speaksDocker() {
        return scheme.equals(DOCKER);
    }
}
