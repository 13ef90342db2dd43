package dev.patchbay.engine;

import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.store.PluginStore;
import java.nio.file.Path;
import java.util.Optional;

/** Turns an order to start into what the executor needs. Looks at the host's devices, so it may block. */
final class ContainerRequests {
    private final PluginStore store;
    private final Path execRoot;

    ContainerRequests(PluginStore store, Path execRoot) {
        this.store = store;
        this.execRoot = execRoot;
    }

    ContainerRequest of(StartContainer order) {
        InstalledPlugin plugin = order.record().plugin();
        Optional<Path> propagated = plugin.config().propagatedMount().isEmpty()
                ? Optional.empty()
                : Optional.of(store.propagatedMount(plugin.id()));
        return new ContainerRequest(
                plugin.id(),
                order.generation(),
                "{}",
                store.rootfs(plugin.id()),
                execRoot.resolve(plugin.id().hex()),
                propagated);
    }

    /** Where a plugin listens, if it says so. */
    Optional<Path> socket(InstalledPlugin plugin) {
        String socket = plugin.config().api().socket();
        return socket.isEmpty()
                ? Optional.empty()
                : Optional.of(execRoot.resolve(plugin.id().hex()).resolve(socket));
    }
}
