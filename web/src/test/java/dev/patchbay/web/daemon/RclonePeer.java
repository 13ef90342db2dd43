package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import dev.patchbay.web.Json;
import dev.patchbay.web.daemon.DaemonWorld.Answer;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A volume plugin that nobody here wrote: Debian's {@code rclone serve docker}, packed with the configuration of rclone's own
 * managed plugin, which mounts by FUSE. Part of {@code make test-peers} only: its name keeps it out of the other tests.
 */
@RequiresRoot
@Timeout(300)
class RclonePeer {
    private static final Path RCLONE = Path.of("/usr/bin/rclone");
    private static final Path FUSERMOUNT = Path.of("/usr/bin/fusermount3");

    /** What ldd(1) prints of each library that a program needs. */
    private static final Pattern LIBRARY = Pattern.compile("(?:=> |^\\s*)(/\\S+) \\(0x");

    private DaemonWorld world;

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
        for (Path program : List.of(RCLONE, FUSERMOUNT)) {
            Assumptions.assumeTrue(Files.isExecutable(program), "skipped: there is no " + program);
        }
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "skipped: there is no FUSE");
    }

    @BeforeEach
    void start() throws Exception {
        world = DaemonWorld.start();
        world.ok("plugin", "create", "rclone", context().toString());
        world.ok("plugin", "enable", "rclone");
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        world.close();
    }

    @Test
    void whatIsWrittenIntoAVolumeOutlivesPluginAndDaemon() throws Exception {
        // Not type=local and path=: of such a volume rclone 1.60 says after each of its starts that it has none.
        assertThat(world.ok("volume", "create", "-d", "rclone", "-o", "remote=/data/files", "-o",
                "allow-other=true", "vol1")).isEqualTo("vol1\n");
        assertThat(world.ok("volume", "ls", "--format", "{{.Driver}} {{.Name}}"))
                .isEqualTo("rclone:latest vol1\n");
        Path path = mount();
        assertThat(MountTable.read().atOrBelow(path)).singleElement()
                .satisfies(entry -> assertThat(entry.type()).isEqualTo("fuse.rclone"));
        Files.writeString(path.resolve("hello"), "of the host");
        assertThat(path.resolve("hello")).hasContent("of the host");

        world.kill();
        world.awaitRunning("rclone");
        assertThat(path.resolve("hello")).as("mounted all the while").hasContent("of the host");
        assertThat(world.failure("plugin", "disable", "rclone"))
                .contains("in use by: volume vol1, volume vol1 mount host");

        int generation = Integer.parseInt(world.inspect("rclone", "{{.Status.Generation}}"));
        // Not KILL: see aKilledOneComesBackIfItForgetsWhatItHadMounted.
        new ProcessBuilder("kill", "-TERM", world.pid("rclone", "rclone")).start().waitFor();
        awaitGeneration(generation + 1);
        awaitMounted();
        assertThat(path.resolve("hello")).as("mounted again").hasContent("of the host");

        world.restart();
        awaitMounted();
        assertThat(mount()).isEqualTo(path);
        assertThat(path.resolve("hello")).as("mounted again").hasContent("of the host");

        assertThat(post("volumes/vol1/unmount?id=host").status()).isEqualTo(204);
        assertThat(MountTable.read().atOrBelow(path)).isEmpty();
        world.ok("volume", "rm", "vol1");
        assertThat(world.ok("volume", "ls", "-q")).isEmpty();
        world.ok("plugin", "disable", "rclone");
        world.ok("plugin", "rm", "rclone");
    }

    /**
     * What a killed plugin leaves mounted is detached before it starts again. That rclone comes back then takes a flag: before
     * 1.75.0 it mounts what it finds in its state to have been mounted, which is so after KILL only, before it has made the
     * channel that it then tells of that, and waits for that for ever, without ever listening (rclone's issue 9231).
     */
    @Test
    void aKilledOneComesBackIfItForgetsWhatItHadMounted() throws Exception {
        world.ok("plugin", "disable", "rclone");
        world.ok("plugin", "set", "rclone", "args=--forget-state");
        world.ok("plugin", "enable", "rclone");
        String[] create = {"volume", "create", "-d", "rclone", "-o", "remote=/data/files", "-o",
                "allow-other=true", "vol1"};
        world.ok(create);
        Path path = mount();
        Files.writeString(path.resolve("hello"), "of the host");

        int generation = Integer.parseInt(world.inspect("rclone", "{{.Status.Generation}}"));
        new ProcessBuilder("kill", "-KILL", world.pid("rclone", "rclone")).start().waitFor();
        awaitGeneration(generation + 1);
        assertThat(MountTable.read().atOrBelow(path)).as("nothing dead is left").isEmpty();
        world.ok(create); // which it has forgotten
        awaitMounted();
        assertThat(path.resolve("hello")).as("mounted again").hasContent("of the host");
        assertThat(MountTable.read().atOrBelow(path)).hasSize(1);

        assertThat(post("volumes/vol1/unmount?id=host").status()).isEqualTo(204);
        world.ok("volume", "rm", "vol1");
        world.ok("plugin", "disable", "rclone");
    }

    private void awaitGeneration(int generation) {
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .untilAsserted(
                        () -> assertThat(world.inspect("rclone", "{{.Status.State}} {{.Status.Generation}}"))
                                .isEqualTo("running " + generation));
    }

    private Path mount() {
        Answer answer = post("volumes/vol1/mount?id=host");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return Path.of(Json.mapper().readTree(answer.body()).get("path").stringValue());
    }

    private void awaitMounted() {
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .untilAsserted(() -> assertThat(
                        world.call(HttpMethod.GET, "volumes/vol1", new byte[0]).text())
                        .contains("\"state\":\"mounted\""));
    }

    private Answer post(String path) {
        return world.call(HttpMethod.POST, path, new byte[0]);
    }

    /** rclone and what it needs, and nothing else. */
    private Path context() throws IOException, InterruptedException {
        Path host = world.folder();
        Files.createDirectories(host.resolve("config"));
        Files.createDirectories(host.resolve("cache"));
        Path context = Files.createDirectory(host.resolve("rclone"));
        Files.writeString(context.resolve("config.json"), config(host));
        Path rootfs = context.resolve("rootfs");
        for (Path program : List.of(RCLONE, FUSERMOUNT)) {
            copy(rootfs, program);
            for (Path library : libraries(program)) {
                copy(rootfs, library);
            }
        }
        Files.createSymbolicLink(rootfs.resolve("usr/bin/fusermount"), FUSERMOUNT.getFileName());
        for (String folder : List.of("data/config", "data/cache", "data/files", "mnt", "etc")) {
            Files.createDirectories(rootfs.resolve(folder));
        }
        Files.writeString(rootfs.resolve("etc/fuse.conf"), "user_allow_other\n");
        return context;
    }

    /** As contrib/docker-plugin/managed/config.json of rclone has it. */
    private static String config(Path host) {
        return """
            {"description": "Rclone volume plugin", "documentation": "https://rclone.org/docker/",
             "interface": {"socket": "rclone.sock", "types": ["docker.volumedriver/1.0"]},
             "linux": {"capabilities": ["CAP_SYS_ADMIN"], "devices": [{"path": "/dev/fuse"}]},
             "network": {"type": "host"},
             "entrypoint": ["rclone", "serve", "docker"], "workdir": "/data",
             "args": {"name": "args", "value": [], "settable": ["value"]},
             "env": [{"name": "RCLONE_VERBOSE", "value": "0", "settable": ["value"]},
                     {"name": "RCLONE_CONFIG", "value": "/data/config/rclone.conf"},
                     {"name": "RCLONE_CACHE_DIR", "value": "/data/cache"},
                     {"name": "RCLONE_BASE_DIR", "value": "/mnt"}],
             "mounts": [{"name": "config", "source": "HOST/config", "destination": "/data/config", "type": "bind",
                         "options": ["rbind"], "settable": ["source"]},
                        {"name": "cache", "source": "HOST/cache", "destination": "/data/cache", "type": "bind",
                         "options": ["rbind"], "settable": ["source"]}],
             "propagatedMount": "/mnt"}
            """.replace("HOST", host.toString());
    }

    private static void copy(Path rootfs, Path file) throws IOException {
        Path copy = rootfs.resolve(Path.of("/").relativize(file));
        if (!Files.exists(copy)) {
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
            assertThat(copy.toFile().setExecutable(true, false)).isTrue();
        }
    }

    private static List<Path> libraries(Path program) throws IOException, InterruptedException {
        Process ldd = new ProcessBuilder("ldd", program.toString()).redirectErrorStream(true).start();
        String printed = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        ldd.waitFor();
        return printed.lines()
                .map(LIBRARY::matcher)
                .filter(Matcher::find)
                .map(found -> Path.of(found.group(1)))
                .toList();
    }
}
