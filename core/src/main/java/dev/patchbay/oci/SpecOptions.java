package dev.patchbay.oci;

import dev.patchbay.limits.PluginLimits;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the operator decides about all containers.
 *
 * @param ociVersion the version of the runtime spec that is written; nothing here needs more than the default
 * @param cgroupParent the cgroup below which each plugin gets its own, absolute
 * @param metricsFolder a folder with {@code metrics.sock} and an empty {@code plugins}, if the engine's host has one; plugins that
 *     collect metrics see it, and not only the socket, as Docker's do: so they find the socket that is in there by then, also
 *     when it has been made anew since they were started
 * @param limits what plugins may use and do, unless one is given something else; Docker limits nothing
 */
public record SpecOptions(String ociVersion, String cgroupParent, Optional<Path> metricsFolder,
        PluginLimits limits) {

    /** Docker's surface, in cgroups below {@code /patchbay}. */
    public static final SpecOptions DEFAULT = new SpecOptions("1.0.2", "/patchbay", Optional.empty(),
            PluginLimits.NONE);

    /** Checks the cgroup. A relative one would end up below the caller's with runc and elsewhere with crun. */
    public SpecOptions {
        if (!cgroupParent.startsWith("/") || cgroupParent.endsWith("/") || cgroupParent.contains("..")) {
            throw new IllegalArgumentException("the parent cgroup must be an absolute path: " + cgroupParent);
        }
    }

    /** The same with other limits. */
    public SpecOptions with(PluginLimits others) {
        return new SpecOptions(ociVersion, cgroupParent, metricsFolder, others);
    }
}
