package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.web.DockerCommand;
import dev.patchbay.web.RawClient;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;

/**
 * A daemon in a process of its own, and a user in front of it. Closing checks that nothing is left behind; a test has it in a
 * field with {@code @AutoClose}, and is marked with {@code @RequiresRoot} and {@code @RequiresDocker}.
 */
final class DaemonWorld implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Path SAMPLE = Path.of(System.getProperty("patchbay.samplePlugin"));

    private final Path folder;
    private List<String> flags;
    private final DockerCommand docker;
    private DaemonProcess daemon;
    private String ready;

    private DaemonWorld(Path folder, List<String> flags) throws IOException {
        this.folder = folder;
        this.flags = flags;
        this.docker = new DockerCommand(folder, folder.resolve("s"));
        this.daemon = DaemonProcess.start(folder, flags.toArray(String[]::new));
        this.ready = daemon.awaitReady();
    }

    /** Starts a daemon on a folder of its own. */
    static DaemonWorld start(String... flags) {
        try {
            return new DaemonWorld(Files.createTempDirectory(Path.of("/tmp"), "pb"), List.of(flags));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DockerCommand docker() {
        return docker;
    }

    /** What docker prints if it succeeds. */
    String ok(String... arguments) throws IOException, InterruptedException {
        return docker.run(arguments).ok();
    }

    /** What docker complains of if it fails. */
    String failure(String... arguments) throws IOException, InterruptedException {
        return docker.run(arguments).failure();
    }

    /** One thing about a plugin. */
    String inspect(String name, String template) throws IOException, InterruptedException {
        return ok("plugin", "inspect", "-f", template, name).strip();
    }

    /** Writes the configuration of docker's command line. */
    void configureDocker(String json) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("config")).resolve("config.json"), json);
    }

    /** Stops the daemon as a reboot does, and starts it again. */
    void restart() throws IOException {
        daemon.close();
        daemon = DaemonProcess.start(folder, flags.toArray(String[]::new));
        ready = daemon.awaitReady();
    }

    /** Kills the daemon and starts another one, which takes over what runs. */
    void kill() throws IOException, InterruptedException {
        daemon.signal("KILL");
        daemon.awaitExit();
        restart();
    }

    /** Where tests of this world may put what they need. */
    Path folder() {
        return folder;
    }

    /** Stops the daemon and starts it with other flags. */
    void restart(String... other) throws IOException {
        flags = List.of(other);
        restart();
    }

    /** Stops the daemon and starts it with other flags, which keep it from starting. Gives its exit code and what it said. */
    String refusedStart(String... other) throws IOException, InterruptedException {
        daemon.close();
        try (var refused = DaemonProcess.start(folder, other)) {
            return refused.awaitExit() + ": " + refused.log();
        }
    }

    /** The last port that it said it listens on. */
    int lastPort() {
        return Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1).strip());
    }

    /** What the daemon has logged since it was started. */
    String log() {
        return daemon.log();
    }

    /** The sample plugin with something in its config replaced. */
    Path sample(String found, String replacement) throws IOException {
        Path context = Files.createTempDirectory(folder, "context");
        String config = Files.readString(SAMPLE.resolve("config.json"));
        assertThat(config).contains(found);
        Files.writeString(context.resolve("config.json"), config.replace(found, replacement));
        Files.createDirectory(context.resolve("rootfs"));
        Files.copy(SAMPLE.resolve("rootfs/sample-plugin"), context.resolve("rootfs/sample-plugin"));
        assertThat(context.resolve("rootfs/sample-plugin").toFile().setExecutable(true)).isTrue();
        return context;
    }

    /** Makes a plugin, pushes it under its name and removes it here. Gives its digest. */
    String publish(String name, Path context) throws IOException, InterruptedException {
        ok("plugin", "create", name, context.toString());
        String printed = ok("plugin", "push", name);
        ok("plugin", "rm", name);
        assertThat(printed).containsPattern("digest: sha256:[0-9a-f]{64} size: [0-9]+");
        return printed.replaceAll("(?s).*digest: (sha256:[0-9a-f]{64}).*", "$1");
    }

    /** Publishes the sample plugin as it is. */
    String publish(String name) throws IOException, InterruptedException {
        return publish(name, SAMPLE);
    }

    /** The answer to a request of the native API. */
    @SuppressWarnings("ArrayRecordComponent") // looked at, never compared
    record Answer(int status, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** A connection to the daemon, for requests that docker does not send. */
    RawClient connect() throws IOException {
        return RawClient.connect(folder.resolve("s"));
    }

    /** The program of a plugin that was made from {@link #sample}. */
    Path program(String name) throws IOException, InterruptedException {
        return folder.resolve("r").resolve(inspect(name, "{{.Id}}")).resolve("rootfs/sample-plugin");
    }

    /** Where a plugin that was made from {@link #sample} listens. */
    Path pluginSocket(String name) throws IOException, InterruptedException {
        return folder.resolve("x").resolve(inspect(name, "{{.Id}}")).resolve("sample.sock");
    }

    /** Sends a request below {@code /patchbay/v1/}. */
    Answer call(HttpMethod method, String path, byte[] body) {
        return call(method, path, "application/octet-stream", body);
    }

    /** The same with JSON. */
    Answer call(HttpMethod method, String path, String json) {
        return call(method, path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    private Answer call(HttpMethod method, String path, String type, byte[] body) {
        SocketAddress address = new DomainSocketAddress(folder.resolve("s").toString());
        return HttpClient.newConnection()
                .remoteAddress(() -> address)
                .responseTimeout(PATIENCE)
                .headers(headers -> headers.set("Content-Type", type))
                .request(method)
                .uri("/patchbay/v1/" + path)
                .send((_, out) -> out.sendByteArray(Flux.just(body)))
                .responseSingle((response, bytes) -> bytes.asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .map(all -> new Answer(response.status().code(), all)))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    void awaitRunning(String name) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(inspect(name, "{{json .Status.State}}")).isEqualTo("\"running\""));
    }

    /** Waits until what failed or was removed has left nothing on the disk. */
    void awaitNothingStored() {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            call(HttpMethod.POST, "gc", new byte[0]);
            assertThat(files("r/storage/blobs/sha256")).isEmpty();
        });
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(files("r/tmp")).as("staged").isEmpty();
            assertThat(files("r/storage/ingest")).as("unfinished blobs").isEmpty();
        });
    }

    private List<Path> files(String place) throws IOException {
        Path path = folder.resolve(place);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(path)) {
            return found.toList();
        }
    }

    private List<String> containers() {
        return ProcessHandle.allProcesses()
                .map(process -> String.join(" ", process.info().arguments().orElse(new String[0])))
                .filter(line -> line.contains(folder + "/x") && line.contains("--exit-dir"))
                .toList();
    }

    @Override
    public void close() throws IOException {
        daemon.close();
        String log = daemon.log();
        try {
            assertThat(MountTable.read().atOrBelow(folder)).as("mounts").isEmpty();
            assertThat(containers()).as("containers").isEmpty();
            assertThat(files("r/tmp")).as("staged").isEmpty();
            assertThat(files("r/storage/ingest")).as("unfinished blobs").isEmpty();
            assertThat(log).as("the log").doesNotContain(" ERROR ").doesNotContain("internal error");
        } finally {
            TreeDeletion.delete(folder);
        }
    }

    /** The process of a plugin that runs such a program, which the runtime knows. */
    String pid(String plugin, String program) throws IOException, InterruptedException {
        String id = inspect(plugin, "{{.Id}}");
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/" + program))
                .filter(process -> cgroup(process.pid()).contains(id))
                .map(process -> Long.toString(process.pid()))
                .findFirst()
                .orElseThrow();
    }

    private static String cgroup(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cgroup"));
        } catch (IOException _) {
            return ""; // gone meanwhile
        }
    }
}
