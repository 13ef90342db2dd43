package dev.patchbay.web;

import dev.patchbay.RemoteDeniedException;
import dev.patchbay.RemoteNotFoundException;
import dev.patchbay.plugin.CheckedConfig;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Plugins that a registry has, which is none: it only knows their configs, and keeps some to itself. */
final class FakeRemote {
    private final Map<String, String> published = new HashMap<>(); // by full reference, guarded by this
    private RegistryAccess lastAccess = RegistryAccess.ANONYMOUS; // the same

    synchronized void publish(String name, String config) {
        published.put(Reference.parse(name).withDefaultTag().full(), config);
    }

    synchronized PluginConfig fetch(Reference remote, RegistryAccess access) {
        lastAccess = access;
        String full = remote.withDefaultTag().full();
        if (full.contains("/secret")) {
            throw new RemoteDeniedException("pull access denied: " + full, null);
        }
        String config = Optional.ofNullable(published.get(full))
                .orElseThrow(() -> new RemoteNotFoundException("the registry has no " + full, null));
        return CheckedConfig.parse(config.getBytes(StandardCharsets.UTF_8)).config();
    }

    synchronized void reach(RegistryAccess access) {
        lastAccess = access;
    }

    synchronized RegistryAccess lastAccess() {
        return lastAccess;
    }
}
