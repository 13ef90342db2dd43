package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.nio.file.Path;

/** One of the two daemons: what must be known of it to ask both for the same and to know when they have done it. */
interface Peer {
    /** The version of Docker's API that both are asked in: the newest that dockerd 20.10 has. */
    String API = "/v1.41";

    /** As tables call it. */
    String name();

    /** Starts it in a place, with further flags; returns when it answers {@code _ping}. */
    DaemonHere start(Place place, String... flags) throws IOException;

    /** Where it keeps plugins: a folder for each, by its id. */
    Path directory(Place place);

    /** Where a plugin listens that runs. */
    Path socket(Place place, String id, String name);

    /** Gives up what only removed plugins needed, so that the same content is new to it again. */
    void collect(DaemonHere daemon) throws IOException;

    /** Whether it has done with its plugins what it does at its start, as far as it says so. */
    boolean hasRestored(UnixHttp http) throws IOException;

    /** How many plugins run, as far as it says so. */
    long running(DaemonHere daemon) throws IOException;
}
