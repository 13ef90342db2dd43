package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.image.MediaType;
import dev.patchbay.image.Platform;
import dev.patchbay.reference.Digest;
import dev.patchbay.registry.RealRegistry;
import dev.patchbay.registry.RegistryProcess;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand.Result;
import dev.patchbay.web.RequiresDocker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Installing and pushing: an unmodified docker, the daemon in a process of its own, a real registry. */
@RequiresRoot
@RequiresDocker
@Timeout(180)
class InstallRoundIT {
    @RegisterExtension
    static final RealRegistry OPEN = RealRegistry.open();

    @RegisterExtension
    static final RealRegistry PRIVATE = RealRegistry.withLogin("me", "good:password");

    @AutoClose
    private final DaemonWorld world = DaemonWorld.start();

    private final String repository = OPEN.get().address() + "/me/r"
            + Math.floorMod(System.nanoTime(), 1_000_000_000);

    @Test
    @DisplayName("D13: the reference that was installed is known, after a restart too")
    void installsWhatTheUserConsentsToD13() throws Exception {
        world.publish(repository, world.sample("\"type\": \"\"", "\"type\": \"host\""));

        Result refused = world.docker().answering("n\n", "plugin", "install", repository);
        assertThat(refused.out()).contains(
                "Plugin \"" + repository + "\" is requesting the following privileges:",
                " - network: [host]");
        assertThat(refused.failure()).contains("permission denied while installing plugin");
        assertThat(world.ok("plugin", "ls", "-q")).isEmpty();

        assertThat(world.docker().answering("y\n", "plugin", "install", repository).ok())
                .contains("latest: Pulling from " + repository, "Digest: sha256:", ": Complete",
                        "Installed plugin " + repository);
        world.awaitRunning(repository);
        assertThat(world.inspect(repository, "{{.PluginReference}}")).isEqualTo(repository + ":latest");

        world.restart();
        world.awaitRunning(repository);
        assertThat(world.inspect(repository, "{{.PluginReference}}")).isEqualTo(repository + ":latest");
        world.ok("plugin", "rm", "-f", repository);
        world.awaitNothingStored();
    }

    @Test
    void installsUnderAnotherNameDisabledAndWithSettings() throws Exception {
        world.publish(repository + ":1");

        world.ok("plugin", "install", "--alias", "other:2", "--disable", repository + ":1",
                "SAMPLE_GREETING=good day");

        assertThat(world.ok("plugin", "ls", "--format", "{{.Name}} {{.Enabled}}"))
                .isEqualTo("other:2 false\n");
        assertThat(world.inspect("other:2", "{{.PluginReference}} {{.Settings.Env}}"))
                .startsWith(repository + ":1 ")
                .contains("SAMPLE_GREETING=good day");
        assertThat(world.failure("plugin", "install", "--alias", "other:2", repository + ":1"))
                .contains("plugin other:2 already exists");
    }

    @Test
    void installsByDigest() throws Exception {
        String digest = world.publish(repository + ":1");
        world.publish(repository + ":1", world.sample("hello", "servus"));

        world.ok("plugin", "install", repository + "@" + digest);

        assertThat(world.inspect(repository, "{{.Name}} {{.PluginReference}} {{.Settings.Env}}"))
                .startsWith(repository + ":latest " + repository + "@" + digest)
                .contains("SAMPLE_GREETING=hello");
    }

    @Test
    @DisplayName("D1: what stands against an install is said, not taken for a plugin without privileges")
    void saysWhatStandsAgainstAnInstallD1() throws Exception {
        assertThat(world.failure("plugin", "install", repository))
                .contains("error resolving plugin reference: " + repository + ":latest: not found");
        assertThat(world.failure("plugin", "install", "127.0.0.1:1/me/x"))
                .contains("127.0.0.1:1/me/x:latest");
        assertThat(world.ok("plugin", "ls", "-q")).isEmpty();
        world.awaitNothingStored();
    }

    @Test
    void logsInToAPrivateRegistry() throws Exception {
        String server = PRIVATE.get().address();
        String name = server + "/me/sample";
        assertThat(world.failure("plugin", "install", "--grant-all-permissions", name)).contains("denied");
        assertThat(world.docker().answering("bad", "login", "-u", "me", "--password-stdin", server).failure())
                .contains("Error response from daemon", server)
                .doesNotContain("bad");
        assertThat(world.docker()
                .answering("good:password", "login", "-u", "me", "--password-stdin", server)
                .ok())
                .contains("Login Succeeded");

        world.publish(name);
        world.ok("plugin", "install", name);

        assertThat(world.inspect(name, "{{.PluginReference}}")).isEqualTo(name + ":latest");
        assertThat(world.log()).doesNotContain("good:password");
    }

    @Test
    void refusesAnOrdinaryImage() throws Exception {
        var raw = new RawRegistry(OPEN.get(), path());
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
        raw.tag("latest", MediaType.DOCKER_MANIFEST, "{\"schemaVersion\":2,\"mediaType\":\""
                + MediaType.DOCKER_MANIFEST
                + "\",\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"digest\":\""
                + raw.blob(config) + "\",\"size\":" + config.length() + "},\"layers\":[]}");

        assertThat(world.failure("plugin", "install", repository)).contains(repository)
                .containsAnyOf("ordinary image", "plugin config");
    }

    @Test
    @DisplayName("D3: a plugin for several platforms can be installed")
    void choosesThePlatformD3() throws Exception {
        String digest = world.publish(repository + ":one");
        var raw = new RawRegistry(OPEN.get(), path());
        int size = raw.manifest("one").getBytes(StandardCharsets.UTF_8).length;
        Platform here = Platform.host();
        String there = entry(digest, size, "s390x");
        raw.tag("all", MediaType.DOCKER_MANIFEST_LIST,
                list(there + "," + entry(digest, size, here.architecture())));
        raw.tag("none", MediaType.DOCKER_MANIFEST_LIST, list(there));

        world.ok("plugin", "install", repository + ":all");
        world.awaitRunning(repository + ":all");
        assertThat(world.failure("plugin", "install", repository + ":none")).contains("linux/s390x",
                here.toString());
    }

    private static String entry(String digest, int size, String architecture) {
        return "{\"mediaType\":\"" + MediaType.DOCKER_MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":"
                + size
                + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}}";
    }

    private static String list(String entries) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.DOCKER_MANIFEST_LIST + "\",\"manifests\":["
                + entries
                + "]}";
    }

    @Test
    void sendsNothingTwiceAndTakesOverFromAnotherRepository() throws Exception {
        world.publish(repository);
        world.ok("plugin", "install", "--disable", repository);
        List<RegistryProcess.Request> again = OPEN.get().requestsDuring(() -> pushed(repository));
        assertThat(again).noneMatch(request -> !List.of("GET", "HEAD").contains(request.method()));

        String copy = repository + "-copy";
        world.ok("plugin", "install", "--disable", "--alias", copy, repository);
        List<RegistryProcess.Request> mounted = OPEN.get().requestsDuring(() -> pushed(copy));
        assertThat(mounted).filteredOn(request -> request.target().contains("mount="))
                .isNotEmpty()
                .allMatch(request -> request.status() == 201);
        assertThat(mounted).noneMatch(request -> request.method().equals("PATCH"));
    }

    private void pushed(String name) {
        try {
            assertThat(world.ok("plugin", "push", name))
                    .contains("The push refers to repository [" + name + "]");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tellsOfInstallsAndPushesAsEvents() throws Exception {
        Process events = world.docker().start("events", "--filter", "type=plugin");
        try {
            var lines = events.inputReader();
            // The stream is open as soon as it has shown something.
            Path context = world.sample("hello", "servus");
            Awaitility.await().atMost(DaemonWorld.PATIENCE).until(() -> {
                world.ok("plugin", "create", "probe", context.toString());
                world.ok("plugin", "rm", "probe");
                return lines.ready();
            });
            String digest = world.publish(repository);
            world.ok("plugin", "install", "--disable", repository);
            String push = next(lines, " push ");
            assertThat(push).contains("reference=" + repository + ":latest", "digest=" + digest);
            assertThat(next(lines, " pull ")).contains("name=" + repository + ":latest",
                    "reference=" + repository + ":latest", "digest=" + digest);
        } finally {
            events.destroy();
            events.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private static String next(BufferedReader lines, String action) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(action)) {
                return line;
            }
        }
        throw new AssertionError("no" + action);
    }

    @Test
    void putsADamagedLayerIntoTheStreamAndKeepsNothing() throws Exception {
        world.publish(repository, world.sample("hello", "damaged " + repository));
        world.awaitNothingStored(); // else there is nothing to fetch
        String manifest = new RawRegistry(OPEN.get(), path()).manifest("latest");
        Digest layer = Digest.parse(manifest.replaceAll("(?s).*\"layers\":.*?(sha256:[0-9a-f]{64}).*", "$1"));
        Path data = blob(layer);
        byte[] good = Files.readAllBytes(data);
        byte[] bad = good.clone();
        bad[bad.length / 2] ^= 1;
        Files.write(data, bad);
        try {
            assertThat(world.failure("plugin", "install", repository)).contains(layer.toString());
            assertThat(world.ok("plugin", "ls", "-q")).isEmpty();
            world.awaitNothingStored();
        } finally {
            Files.write(data, good);
        }
        world.ok("plugin", "install", repository);
    }

    private static Path blob(Digest digest) throws IOException {
        try (Stream<Path> all = Files.walk(OPEN.get().content())) {
            return all.filter(file -> file.endsWith(digest.hex() + "/data")).findFirst().orElseThrow();
        }
    }

    @Test
    void letsOnlyOneOfTwoInstallsHaveTheName() throws Exception {
        world.publish(repository);
        Process one = world.docker().start("plugin", "install", "--disable", repository);
        Process two = world.docker().start("plugin", "install", "--disable", repository);
        String said = new String(one.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                + new String(two.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(List.of(one.waitFor(), two.waitFor())).as(said).containsExactlyInAnyOrder(0, 1);
        assertThat(said).contains("Installed plugin " + repository,
                "Error response from daemon: plugin " + repository);
        assertThat(world.ok("plugin", "ls", "-q")).hasLineCount(1);
    }

    private String path() {
        return repository.substring(repository.indexOf('/') + 1);
    }
}
