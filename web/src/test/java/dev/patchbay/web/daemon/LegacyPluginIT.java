package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.archive.TreeDeletion;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import dev.patchbay.web.Json;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A plugin's process that nobody manages, before, while and after a daemon looks for it. */
@RequiresRoot
@Timeout(180)
class LegacyPluginIT {
    private static final Path SAMPLE = Path.of(System.getProperty("patchbay.samplePlugin"));

    private Path folder;
    private DaemonWorld world;
    private Optional<Process> process = Optional.empty();

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
    }

    @BeforeEach
    void start() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "pbl");
        world = DaemonWorld.start("--legacy-plugin-sockets", sockets().toString(), "--legacy-plugin-specs",
                folder + "/etc");
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        end();
        world.close();
        TreeDeletion.delete(folder);
    }

    /** In the root of the plugin's own: to itself it is where Docker looks. */
    private Path sockets() {
        return folder.resolve("root/run/docker/plugins");
    }

    private void run() throws IOException {
        Files.createDirectories(sockets());
        Files.copy(SAMPLE.resolve("rootfs/sample-plugin"), folder.resolve("root/plugin"),
                StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        process = Optional
                .of(new ProcessBuilder(List.of("chroot", folder.resolve("root").toString(), "/plugin"))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    private void end() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
        process = Optional.empty();
    }

    private List<JsonNode> shown() {
        var answer = world.call(HttpMethod.GET, "legacy-plugins", new byte[0]);
        assertThat(answer.status()).isEqualTo(200);
        return List.copyOf(Json.mapper().readTree(answer.body()).get("legacyPlugins").values());
    }

    private static String word(JsonNode plugin, String field) {
        return plugin.path(field).asString("");
    }

    private void awaitShown(String... namesAndStates) {
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .untilAsserted(() -> assertThat(shown())
                        .extracting(plugin -> word(plugin, "name") + " " + word(plugin, "state"))
                        .containsExactly(namesAndStates));
    }

    @Test
    void comesAndGoesWithoutBeingManaged() throws Exception {
        assertThat(shown()).isEmpty();
        run();
        awaitShown("sample active");
        JsonNode plugin = shown().getFirst();
        assertThat(word(plugin, "address")).isEqualTo("unix://" + sockets().resolve("sample.sock"));
        assertThat(plugin.get("implements").size()).isPositive();
        assertThat(plugin.get("inUseBy").size()).isZero();
        assertThat(world.ok("plugin", "ls", "-q")).as("as in Docker").isEmpty();
        assertThat(world.failure("plugin", "inspect", "sample")).contains("not found");

        world.restart();
        awaitShown("sample active");
        end();
        Files.delete(sockets().resolve("sample.sock"));
        awaitShown();
        run();
        awaitShown("sample active");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/bad.json"), "{}");
        Files.writeString(folder.resolve("etc/away.spec"), "tcp://127.0.0.1:1");
        awaitShown("away activating", "bad unusable");
        assertThat(word(shown().getLast(), "lastError")).contains("bad.json has no Addr");
        assertThat(world.call(HttpMethod.GET, "health", new byte[0]).text()).contains("bad.json has no Addr");
        assertThat(world.log()).contains("bad.json has no Addr");
    }
}
