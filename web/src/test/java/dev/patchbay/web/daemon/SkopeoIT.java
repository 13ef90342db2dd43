package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.image.MediaType;
import dev.patchbay.image.Platform;
import dev.patchbay.registry.RealRegistry;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugins as files, exchanged with skopeo.
 *
 * <p>What skopeo 1.9 does with a plugin whose manifest is Docker's, which registries insist on: saved as it likes, in
 * OCI's form, the configuration is replaced by an empty one of an ordinary image; with {@code --preserve-digests} or
 * {@code --format v2s2} manifest and configuration stay, to the byte. With {@code --all} the layout's index names another
 * index.
 */
@RequiresRoot
@Timeout(180)
class SkopeoIT {
    @RegisterExtension
    static final RealRegistry REGISTRY = RealRegistry.open();

    @TempDir
    Path folder;

    private DaemonWorld world;
    private String repository;
    private Path file;

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/skopeo")), "skipped: there is no skopeo");
    }

    @BeforeEach
    void start() throws IOException {
        world = DaemonWorld.start();
        repository = REGISTRY.get().address() + "/me/s" + Math.floorMod(System.nanoTime(), 1_000_000_000);
        file = folder.resolve("saved.tar");
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        world.close();
    }

    @Test
    void importsWhatSkopeoSavedWithPreserveDigests() throws Exception {
        String digest = world.publish(repository);
        skopeo("copy", "--preserve-digests", "--src-tls-verify=false", "docker://" + repository,
                "oci-archive:" + file);

        assertThat(imported().status()).isEqualTo(201);

        world.ok("plugin", "enable", "saved");
        world.awaitRunning("saved");
        world.ok("plugin", "disable", "saved");
        assertThat(Files.readString(exported("saved"), StandardCharsets.ISO_8859_1)).contains(digest);
    }

    @Test
    void importsThisMachinesPlatformOutOfWhatSkopeoSavedWithAll() throws Exception {
        String digest = world.publish(repository + ":one");
        var raw = new RawRegistry(REGISTRY.get(), repository.substring(repository.indexOf('/') + 1));
        int size = raw.manifest("one").getBytes(StandardCharsets.UTF_8).length;
        raw.tag("all", MediaType.DOCKER_MANIFEST_LIST,
                """
                {"schemaVersion":2,"mediaType":"%s","manifests":[%s,%s]}""".formatted(
                        MediaType.DOCKER_MANIFEST_LIST,
                        entry(digest, size, "s390x"), entry(digest, size, Platform.host().architecture())));
        skopeo("copy", "--all", "--format", "v2s2", "--src-tls-verify=false",
                "docker://" + repository + ":all",
                "oci-archive:" + file);

        assertThat(imported().status()).isEqualTo(201);
    }

    private static String entry(String digest, int size, String architecture) {
        return "{\"mediaType\":\"" + MediaType.DOCKER_MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":"
                + size
                + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}}";
    }

    @Test
    void saysHowToCopyAPluginThatSkopeoEmptied() throws Exception {
        world.publish(repository);
        skopeo("copy", "--src-tls-verify=false", "docker://" + repository, "oci-archive:" + file);

        DaemonWorld.Answer refused = imported();

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("--preserve-digests");
        assertThat(world.ok("plugin", "ls", "-q")).isEmpty();
        world.awaitNothingStored();
    }

    @Test
    void exportsWhatSkopeoPushes() throws Exception {
        String digest = world.publish(repository);
        world.ok("plugin", "install", "--disable", "--alias", "here", repository);
        Path exported = exported("here");

        assertThat(skopeo("inspect", "oci-archive:" + exported)).contains(digest);
        skopeo("copy", "--preserve-digests", "--dest-tls-verify=false", "oci-archive:" + exported,
                "docker://" + repository + "-copy");

        world.ok("plugin", "install", "--disable", repository + "-copy@" + digest);
    }

    private DaemonWorld.Answer imported() throws IOException {
        return world.call(HttpMethod.POST, "plugins/import?name=saved&grant=all", Files.readAllBytes(file));
    }

    private Path exported(String name) throws IOException {
        DaemonWorld.Answer answer = world.call(HttpMethod.GET, "plugins/" + name + "/export", new byte[0]);
        assertThat(answer.status()).isEqualTo(200);
        return Files.write(folder.resolve("exported.tar"), answer.body());
    }

    /** What it printed; fails with that if it fails. */
    private static String skopeo(String... arguments) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
