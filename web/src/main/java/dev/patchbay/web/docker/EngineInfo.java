package dev.patchbay.web.docker;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code version} and {@code info} say about the engine.
 *
 * @param version Patchbay's own version
 * @param build which build of it
 * @param setup how it was set up
 * @param host the machine
 */
public record EngineInfo(String version, Build build, Setup setup, HostFacts host) {
    /**
     * A build.
     *
     * @param commit the commit that it was made from, may be empty
     * @param time when, in ISO 8601, may be empty
     */
    public record Build(String commit, String time) {}

    /**
     * How the engine was set up.
     *
     * @param root the plugin directory
     * @param runtimes the configured runtimes
     * @param registries what is configured about registries
     * @param liveRestore whether plugins outlive the daemon
     */
    public record Setup(Path root, Runtimes runtimes, Registries registries, boolean liveRestore) {}

    /**
     * The configured OCI runtimes.
     *
     * @param standard the one that is used
     * @param all the names of all, the standard one included
     */
    public record Runtimes(String standard, List<String> all) {
        /** Copies. */
        public Runtimes {
            all = List.copyOf(all);
        }
    }

    /**
     * What is configured about registries.
     *
     * @param insecure those that need no good certificate: hosts with or without port, and networks {@code IP/BITS}
     * @param mirrors URLs of Docker Hub's mirrors
     */
    public record Registries(List<String> insecure, List<String> mirrors) {
        /** Copies. */
        public Registries {
            insecure = List.copyOf(insecure);
            mirrors = List.copyOf(mirrors);
        }
    }
}
