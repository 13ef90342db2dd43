package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.UnixHttp;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One of the two that are compared, in a place of its own. Its daemon is started and stopped as a run needs it; closing
 * removes everything.
 *
 * @param peer which daemon
 * @param place where
 */
record Side(Peer peer, Place place) implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final long PATIENCE_SECONDS = 180;
    // Every 5 ms would keep a daemon whose code is not compiled yet busy with answers; 25 ms are 3 % of the least figure.
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    static Side of(Peer peer) throws IOException {
        return new Side(peer, Place.make());
    }

    /** The folder that its plugins are in. */
    Path directory() {
        return peer.directory(place);
    }

    /** Starts the daemon; returns when it answers. */
    DaemonHere start(String... flags) throws IOException {
        return peer.start(place, flags);
    }

    /** Sends a request on a connection of its own, as the docker client does, and expects success. */
    UnixHttp.Answer ask(String method, String target) throws IOException {
        return UnixHttp.once(place.socket(), method, Peer.API + target, NOTHING);
    }

    /** Creates a plugin from a context. */
    void create(String name, byte[] context) throws IOException {
        UnixHttp.once(place.socket(), "POST", Peer.API + "/plugins/create?name=" + name, context);
    }

    /** Sends requests for all plugins of a fleet at once, each on a connection of its own. */
    void askForAll(int count, String method, String action) throws Exception {
        var requests = new ArrayList<Callable<UnixHttp.Answer>>();
        for (int number = 0; number < count; number++) {
            String target = "/plugins/" + Fleet.name(number) + action;
            requests.add(() -> ask(method, target));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<UnixHttp.Answer> answer : threads.invokeAll(requests)) {
                answer.get();
            }
        }
    }

    /** Waits until each plugin accepts a connection and the daemon says that all run. */
    void awaitRunning(DaemonHere daemon, Fleet fleet) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        // A short question now and then, on one connection: lists of all plugins, one after the other, would take the
        // processor from the daemon that answers while it starts, and cost the other one nothing.
        try (var http = UnixHttp.connect(daemon.socket())) {
            while (!peer.hasRestored(http)) {
                pause(deadline, "plugins are not restored");
            }
        }
        // One after the other: all of them must, and fifty dials at a time would weigh on what is measured.
        for (String id : fleet.ids()) {
            awaitAccepting(peer.socket(place, id, Fleet.SOCKET), deadline);
        }
        long running = peer.running(daemon);
        while (running < fleet.ids().size()) {
            pause(deadline, "of " + fleet.ids().size() + " plugins " + running + " run");
            running = peer.running(daemon);
        }
    }

    private void awaitAccepting(Path socket, long deadline) throws IOException {
        while (!accepts(socket)) {
            pause(deadline, "nobody listens on " + socket);
        }
    }

    private void pause(long deadline, String why) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            String what = peer.name() + ": " + why + " after " + PATIENCE_SECONDS + " s";
            throw peer instanceof DockerdPeer ? new DockerdGaveUpException(what) : new IOException(what);
        }
        if (Thread.interrupted()) {
            throw new IOException("interrupted while " + peer.name() + " starts plugins");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private static boolean accepts(Path socket) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false; // not yet
        }
    }

    @Override
    public void close() throws IOException {
        place.close();
    }

    /** Both, ours first. */
    record Both(Side ours, Side theirs) implements AutoCloseable {
        static Both of(Peers peers) throws IOException {
            Side ours = Side.of(peers.ours());
            try {
                return new Both(ours, Side.of(peers.theirs()));
            } catch (IOException e) {
                ours.close();
                throw e;
            }
        }

        List<Side> all() {
            return List.of(ours, theirs);
        }

        @Override
        public void close() throws IOException {
            try (ours) {
                theirs.close();
            }
        }
    }
}
