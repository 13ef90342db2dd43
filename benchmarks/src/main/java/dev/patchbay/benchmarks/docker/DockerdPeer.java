package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.DockerdTraces;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A dockerd with its own containerd and shims, apart from the system's.
 *
 * @param program where it is
 */
record DockerdPeer(String program) implements Peer {
    private static final Pattern ENABLED = Pattern.compile("\"Enabled\":true");
    private static final byte[] NOTHING = {};

    @Override
    public String name() {
        return "dockerd";
    }

    @Override
    public DaemonHere start(Place place, String... flags) throws IOException {
        return DaemonHere.dockerd(program, place, flags);
    }

    @Override
    public Path directory(Place place) {
        return place.root().resolve("plugins");
    }

    /** Whatever its exec root is, plugins have their sockets in one folder of the system's. */
    @Override
    public Path socket(Place place, String id, String name) {
        return DockerdTraces.SOCKETS.resolve(id).resolve(name);
    }

    /** It does so when a plugin is removed. */
    @Override
    public void collect(DaemonHere daemon) {}

    /** It answers nobody before. */
    @Override
    public boolean hasRestored(UnixHttp http) {
        return true;
    }

    /** It knows of one state only, and a plugin that failed to start at boot has lost it: the wanted are those that run. */
    @Override
    public long running(DaemonHere daemon) throws IOException {
        return ENABLED.matcher(UnixHttp.once(daemon.socket(), "GET", API + "/plugins", NOTHING).text())
                .results()
                .count();
    }
}
