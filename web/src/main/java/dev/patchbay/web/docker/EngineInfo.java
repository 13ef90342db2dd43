package dev.patchbay.web.docker;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code version} and {@code info} say about the engine.
 *
 * @param version Patchbay's own version
 * @param build which build of it
 * @param root the plugin directory
 * @param runtimes the configured runtimes
 * @param liveRestore whether plugins outlive the daemon
 * @param host the machine
 */
public record EngineInfo(
        String version,
        Build build,
        Path root,
        Runtimes runtimes,
        boolean liveRestore,
        HostFacts host) {
    /**
     * A build.
     *
     * @param commit the commit that it was made from, may be empty
     * @param time when, in ISO 8601, may be empty
     */
    public record Build(String commit, String time) {}

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
}
