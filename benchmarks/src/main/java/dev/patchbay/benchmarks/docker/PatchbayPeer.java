package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Patchbay's distribution, with the options that it comes with.
 *
 * @param built where it is
 */
record PatchbayPeer(Built built) implements Peer {
    private static final Pattern RUNNING = Pattern.compile("\"state\":\"running\"");
    private static final byte[] NOTHING = {};

    @Override
    public String name() {
        return "patchbay";
    }

    @Override
    public DaemonHere start(Place place, String... flags) throws IOException {
        return DaemonHere.patchbay(built, place, "", flags);
    }

    @Override
    public Path directory(Place place) {
        return place.root();
    }

    @Override
    public Path socket(Place place, String id, String name) {
        return place.execRoot().resolve(id).resolve(name);
    }

    @Override
    public void collect(DaemonHere daemon) throws IOException {
        UnixHttp.once(daemon.socket(), "POST", "/patchbay/v1/gc", NOTHING);
    }

    @Override
    public boolean hasRestored(UnixHttp http) throws IOException {
        return http.get("/patchbay/v1/health").text().contains("\"ready\":true");
    }

    @Override
    public long running(DaemonHere daemon) throws IOException {
        return RUNNING.matcher(UnixHttp.once(daemon.socket(), "GET", "/patchbay/v1/plugins", NOTHING).text())
                .results()
                .count();
    }
}
