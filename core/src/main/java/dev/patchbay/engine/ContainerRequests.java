package dev.patchbay.engine;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.oci.HostFacts;
import dev.patchbay.oci.InvalidSpecException;
import dev.patchbay.oci.PluginPaths;
import dev.patchbay.oci.RuntimeSpec;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.PluginStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns a plugin into what the executor needs to start it. Looks at the host's devices and paths, so it may block. */
final class ContainerRequests {
    private final PluginStore store;
    private final Path execRoot;
    private final SpecOptions options;
    private final List<EngineConfig.ForCapability> additions;
    private final HostFacts host;

    ContainerRequests(PluginStore store, EngineConfig config, HostFacts host) {
        this.store = store;
        this.execRoot = config.execRoot();
        this.options = config.specOptions();
        this.additions = config.specAdditions();
        this.host = host;
    }

    /**
     * What to start.
     *
     * @param limits what it gets instead of the engine's
     * @throws InvalidSpecException if the plugin asks for a device or a path that this host does not have
     */
    ContainerRequest of(PluginRecord record, LimitOverrides limits, int generation) {
        InstalledPlugin plugin = record.plugin();
        confined(plugin.config().api().socket());
        var paths = new PluginPaths(
                store.rootfs(plugin.id()),
                execDirectory(plugin.id()),
                store.propagatedMount(plugin.id()));
        RuntimeSpec spec = withAdditions(plugin,
                RuntimeSpec.of(plugin, paths, options.with(limits.over(options.limits())), host));
        spec.bindSources().forEach(ContainerRequests::mustExist);
        return new ContainerRequest(
                plugin.id(),
                generation,
                spec.json(),
                paths.rootfs(),
                paths.execDirectory(),
                plugin.config().propagatedMount().isEmpty()
                        ? Optional.empty()
                        : Optional.of(paths.propagatedMount()));
    }

    private RuntimeSpec withAdditions(InstalledPlugin plugin, RuntimeSpec plain) {
        RuntimeSpec spec = plain;
        for (EngineConfig.ForCapability one : additions) {
            if (plugin.config().serving(one.capability()).isPresent()) {
                spec = added(one, plugin, spec);
            }
        }
        return spec;
    }

    /** The host's code; what it throws costs this start, and says whose fault it is. */
    private static RuntimeSpec added(EngineConfig.ForCapability one, InstalledPlugin plugin,
            RuntimeSpec spec) {
        try {
            return one.addition().to(spec, plugin);
        } catch (InvalidSpecException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvalidSpecException("what this host adds for " + one.capability()
                    + " failed: " + e, e);
        }
    }

    /** Where a plugin listens, if it says so. */
    Optional<Path> socket(InstalledPlugin plugin) {
        String socket = plugin.config().api().socket();
        return socket.isEmpty() ? Optional.empty() : Optional.of(execDirectory(plugin.id()).resolve(socket));
    }

    // A record that dockerd wrote was never judged: "../x" would have us dial any socket of the host (D53).
    private static void confined(String socket) {
        if (socket.indexOf('/') >= 0 || socket.equals("..") || socket.equals(".")) {
            throw new InvalidSpecException("its socket \"" + socket
                    + "\" is not a plain file name: a plugin's socket lies in its own folder");
        }
    }

    private Path execDirectory(PluginId plugin) {
        return execRoot.resolve(plugin.hex());
    }

    private static void mustExist(Path source) {
        if (!Files.exists(source)) {
            throw new InvalidSpecException("the host has no " + source
                    + ", which the plugin mounts; make it, or set another source");
        }
    }
}
