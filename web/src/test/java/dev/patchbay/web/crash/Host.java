package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.web.crash.SocketClient.Request;
import dev.patchbay.web.daemon.DaemonProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A machine as one daemon sees it: root and exec root in a folder of their own, the daemon itself, once there is one, and
 * what plugins leave. For one thread. Closing leaves nothing of it, whatever state it is in.
 */
final class Host implements AutoCloseable {
    private final Path folder;
    private final SocketClient client;
    private final Sightings sightings;
    private final Traces traces;
    private Optional<DaemonProcess> daemon = Optional.empty();

    private Host(Path folder) {
        this.folder = folder;
        client = new SocketClient(folder.resolve("s"));
        sightings = new Sightings(folder.resolve("x"));
        traces = new Traces(folder);
    }

    static Host create() throws IOException {
        return new Host(Files.createTempDirectory(Path.of("/tmp"), "pb"));
    }

    /** Whatever a test needs beside the daemon's files. */
    Path folder() {
        return folder;
    }

    Path root() {
        return folder.resolve("r");
    }

    SocketClient client() {
        return client;
    }

    Sightings sightings() {
        return sightings;
    }

    Traces traces() {
        return traces;
    }

    /** Starts a daemon. Returns when it accepts requests, which is long before plugins run. */
    void start(String... flags) throws IOException {
        daemon = Optional.of(DaemonProcess.start(folder, flags));
        daemon.get().awaitReady();
    }

    /** Ends the daemon by SIGKILL. */
    void kill() throws IOException, InterruptedException {
        running().signal("KILL");
        running().awaitExit();
        running().close();
    }

    /** Ends the daemon by SIGTERM, which must go well. */
    void terminate() throws IOException, InterruptedException {
        running().signal("TERM");
        assertThat(running().awaitExit()).as("exit code after TERM").isZero();
        running().close();
        assertThat(log()).as("the log").doesNotContain(" ERROR ").contains("stopped");
    }

    private DaemonProcess running() {
        return daemon.orElseThrow();
    }

    /** Takes all that a daemon keeps of what runs from under it, as somebody does who cleans up {@code /run}. */
    void emptyExecRoot() throws IOException {
        traces.learn();
        TreeDeletion.delete(folder.resolve("x"));
    }

    /** The log of the daemon that was started last. */
    String log() {
        return daemon.map(DaemonProcess::log).orElse("");
    }

    /** Installs a version of the sample plugin and gives it settings. */
    void install(String name, String version, String... settings) throws IOException {
        client.done(Request.tar("/plugins/create?name=" + name, SampleVersions.context(version)));
        if (settings.length > 0) {
            client.done(Request.json("/plugins/" + name + "/set",
                    SocketClient.JSON.writeValueAsString(Arrays.asList(settings))));
        }
    }

    void enable(String name) throws IOException {
        client.done(Request.post("/plugins/" + name + "/enable?timeout=60"));
    }

    List<Observation> plugins() throws IOException {
        return Observation.all(client, root());
    }

    Observation plugin(String name) throws IOException {
        return plugins().stream().filter(plugin -> plugin.name().equals(name)).findFirst().orElseThrow();
    }

    /** Asks the daemon only: the disk may hang. */
    void awaitRunning(String name) {
        Wait.untilAsserted(() -> assertThat(client.done(Request.get("/patchbay/v1/plugins/" + name))
                .json()
                .path("status")
                .path("state")
                .asString()).isEqualTo("running"));
    }

    boolean isReady() throws IOException {
        return client.send(Request.get("/patchbay/v1/health")).status() == 200;
    }

    /** The container of a plugin. */
    Sightings.Container container(String id) throws IOException {
        return Optional.ofNullable(sightings.containers().get(id)).orElseThrow();
    }

    /** A plugin's own socket. */
    SocketClient socket(String id) {
        return new SocketClient(folder.resolve("x").resolve(id).resolve("sample.sock"));
    }

    /** What the process that answers for a plugin was given as greeting. */
    String greeting(String id) throws IOException {
        return socket(id).done(Request.post("/Sample.Env")).json().path(Observation.GREETING).asString();
    }

    @Override
    public void close() throws IOException {
        try {
            if (daemon.isPresent()) {
                running().close();
            }
        } finally {
            traces.learn();
            traces.sweep();
            TreeDeletion.delete(folder);
        }
    }
}
