package dev.patchbay;

import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import java.util.Optional;

/**
 * A plugin that can be talked to.
 *
 * @param plugin which it is; empty if nobody manages it
 * @param name its stored name
 * @param capability the one of its interface types that serves what was asked for
 * @param generation the start of it that ran when it was looked up. It may be restarted since: its address stays what it is,
 *     its memory does not
 * @param client of that start. It connects when it is first called; when the start is over, calls fail with
 *     {@link PluginCallException.Ended}
 */
public record PluginUse(Optional<PluginId> plugin, String name, InterfaceType capability, int generation,
        PluginClient client) {
    /** How it is talked to; {@value PluginConfig.Interface#HTTP_V1} for Docker's protocol. */
    public String scheme() {
        return client.scheme();
    }

    /** Where it accepts connections. */
    public PluginAddress address() {
        return client.address();
    }

    /**
     * Whether it speaks Docker's plugin protocol. For any other the host has the address and a client of its own (D60): calls
     * fail with {@link PluginCallException.OtherScheme}.
     */
    public boolean speaksHttp() {
        return scheme().equals(PluginConfig.Interface.HTTP_V1);
    }
}
