package dev.patchbay.oci;

import dev.patchbay.plugin.GoJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the operator decides about all containers.
 *
 * @param ociVersion the version of the runtime spec that is written; nothing here needs more than the default
 * @param cgroupParent the cgroup below which each plugin gets its own, absolute
 * @param metricsSocket shown to plugins that collect metrics, if the daemon has one
 * @param hardening limits beyond Docker's
 */
public record SpecOptions(String ociVersion, String cgroupParent, Optional<Path> metricsSocket,
        Hardening hardening) {

    /** Docker's surface, in cgroups below {@code /patchbay}. */
    public static final SpecOptions DEFAULT = new SpecOptions("1.0.2", "/patchbay", Optional.empty(),
            Hardening.NONE);

    /** Checks the cgroup. A relative one would end up below the caller's with runc and elsewhere with crun. */
    public SpecOptions {
        if (!cgroupParent.startsWith("/") || cgroupParent.endsWith("/") || cgroupParent.contains("..")) {
            throw new IllegalArgumentException("the parent cgroup must be an absolute path: " + cgroupParent);
        }
    }

    /**
     * Limits that Docker does not set on plugins. None is on by default, since published plugins rely on what they have
     * (file system and network drivers mount, load and trace).
     *
     * @param noNewPrivileges whether programs with set-user-id or file capabilities gain nothing
     * @param seccomp a system call profile, as JSON in the form of the OCI runtime spec
     * @param memoryMaxBytes the most memory of the whole container
     * @param pidsMax the most processes and threads
     */
    public record Hardening(boolean noNewPrivileges, Optional<String> seccomp, OptionalLong memoryMaxBytes,
            OptionalLong pidsMax) {

        /** As Docker. */
        public static final Hardening NONE = new Hardening(false, Optional.empty(), OptionalLong.empty(),
                OptionalLong.empty());

        /** Checks the limits. */
        public Hardening {
            if (memoryMaxBytes.orElse(1) < 1 || pidsMax.orElse(1) < 1) {
                throw new IllegalArgumentException("limits must be at least 1");
            }
            seccomp.ifPresent(Hardening::checkProfile);
        }

        private static void checkProfile(String json) {
            if (!GoJson.read(json.getBytes(StandardCharsets.UTF_8)).isObject()) {
                throw new IllegalArgumentException("a seccomp profile is a JSON object");
            }
        }
    }
}
