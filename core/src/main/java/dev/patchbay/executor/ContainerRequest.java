package dev.patchbay.executor;

import dev.patchbay.plugin.PluginId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that an executor needs to start one container.
 *
 * @param plugin the plugin, whose id is the container's
 * @param generation the number of this start, at least 1
 * @param spec the OCI runtime spec, as JSON (OCI runtime-spec, config.md)
 * @param rootfs the unpacked root file system; its standard mount points and files are prepared before the start
 * @param execDirectory where the plugin puts its socket: made with mode 0700 before the start, removed by delete
 * @param propagatedMount made a shared mount point before the start, if present
 */
public record ContainerRequest(
        PluginId plugin,
        int generation,
        String spec,
        Path rootfs,
        Path execDirectory,
        Optional<Path> propagatedMount) {
    /** Checks the generation. */
    public ContainerRequest {
        if (generation < 1) {
            throw new IllegalArgumentException("generation must be at least 1, not " + generation);
        }
    }

    /** Without the spec: it carries the plugin's environment, secrets included. */
    @Override
    public String toString() {
        return "ContainerRequest[plugin=" + plugin + ", generation=" + generation + "]";
    }
}
