package dev.patchbay.oci;

import java.nio.file.Path;

/**
 * Where the parts of one plugin are on the host. All absolute.
 *
 * @param rootfs its unpacked root file system
 * @param execDirectory where its socket appears; seen inside as {@value RuntimeSpec#EXEC_MOUNT}
 * @param propagatedMount where its own mounts appear, used only if its configuration asks for it
 */
public record PluginPaths(Path rootfs, Path execDirectory, Path propagatedMount) {

    /** Checks that the paths are absolute: a runtime would take others as relative to its bundle. */
    public PluginPaths {
        if (!rootfs.isAbsolute() || !execDirectory.isAbsolute() || !propagatedMount.isAbsolute()) {
            throw new IllegalArgumentException("the paths of a plugin must be absolute");
        }
    }
}
