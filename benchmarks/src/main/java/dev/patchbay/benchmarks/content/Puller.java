package dev.patchbay.benchmarks.content;

import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.benchmarks.measure.UnixHttp;
import dev.patchbay.registry.RegistryProcess;
import dev.patchbay.registry.RegistryProcess.Request;
import java.io.IOException;

/**
 * Pulls one plugin with one daemon, again and again.
 *
 * @param daemon who pulls
 * @param plugin what
 * @param registry from where
 * @param reference the plugin's name there
 * @param inodes keeps those of what is removed
 */
public record Puller(DaemonHere daemon, BigPlugin plugin, RegistryProcess registry, String reference,
        KeptInodes inodes) {
    private static final byte[] NOTHING = {};

    /** Installs it. */
    void pull() throws IOException, InterruptedException {
        daemon.docker("plugin", "install", "--disable", "--grant-all-permissions", reference);
    }

    /** Installs it and fails if the registry did not send each layer. @return milliseconds */
    public double timedPull() throws Exception {
        int before = registry.requests().size();
        double millis = Timings.millisOf(this::pull);
        var asked = registry.requests().stream().skip(before).toList();
        for (BigPlugin.Layer layer : plugin.layers()) {
            if (asked.stream().noneMatch(request -> fetches(request, layer))) {
                throw new IOException(
                        "layer " + layer.digest() + " was not fetched; the registry saw " + asked);
            }
        }
        return millis;
    }

    private static boolean fetches(Request request, BigPlugin.Layer layer) {
        return request.method().equals("GET") && request.target().endsWith("/blobs/" + layer.digest());
    }

    /** Removes it; dockerd collects its blobs with it. */
    public void forget() throws IOException, InterruptedException {
        inodes.keep(daemon.root());
        daemon.docker("plugin", "rm", reference);
        inodes.empty();
    }

    /** Removes it from Patchbay, and its blobs. */
    void forgetAndCollect() throws IOException, InterruptedException {
        forget();
        UnixHttp.once(daemon.socket(), "POST", "/patchbay/v1/gc", NOTHING);
    }
}
