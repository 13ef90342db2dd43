package dev.patchbay.use;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;

/**
 * What one gets who holds a plugin: where it listens, and what it speaks.
 *
 * @param plugin which it is
 * @param name its stored name
 * @param capability the one of its interface types that serves what was asked for
 * @param generation the start of it that ran when it was taken hold of. It may be restarted since: its socket stays where
 *     it is, its memory does not
 * @param scheme how it is talked to; {@value PluginConfig.Interface#HTTP_V1} for Docker's protocol
 * @param socket where it accepts connections
 */
public record PluginUse(PluginId plugin, String name, InterfaceType capability, int generation, String scheme,
        Path socket) {
    /** Whether it speaks Docker's plugin protocol. For any other the host has the socket and its own client (D60). */
    public boolean speaksHttp() {
        return scheme.equals(PluginConfig.Interface.HTTP_V1);
    }
}
