package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import dev.patchbay.web.daemon.DaemonWorld.Answer;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the user of an unmodified docker sees of those who use a plugin, whose container is real. */
@RequiresRoot
@Timeout(180)
class HeldPluginIT {
    private static final String HOLDER = "plugins/sample/holders/volume-db";
    private static final String HOLD = HOLDER + "?capability=dummy&label=volume%20db&durable=true";
    private static final String IN_USE = "Error response from daemon: plugin sample:latest is in use by: volume db\n";

    private static final String CUT_OFF = "{\"cutOff\":[{\"id\":\"volume-db\",\"label\":\"volume db\",\"durable\":true}]}\n";

    @BeforeAll
    static void needsPrograms() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @Test
    void isNotSwitchedOffWithoutForceUntilItIsLetGo() throws Exception {
        try (var world = DaemonWorld.start()) {
            world.ok("plugin", "create", "sample", System.getProperty("patchbay.samplePlugin"));
            assertThat(send(world, HttpMethod.PUT, HOLD)).satisfies(refused -> {
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.text()).contains("plugin sample:latest found but disabled");
            });
            world.ok("plugin", "enable", "sample");
            for (int times = 0; times < 2; times++) {
                assertThat(send(world, HttpMethod.PUT, HOLD)).satisfies(held -> {
                    assertThat(held.status()).isEqualTo(200);
                    assertThat(held.text()).contains("\"generation\":1",
                            "\"scheme\":\"moby.plugins.http/v1\"")
                            .containsPattern("\"address\":\"unix:///tmp/pb.*/x/[0-9a-f]{64}/sample.sock\"");
                });
            }
            assertThat(world.inspect("sample", "{{json .InUseBy}}"))
                    .isEqualTo("[{\"Durable\":true,\"ID\":\"volume-db\",\"Label\":\"volume db\"}]");
            assertThat(send(world, HttpMethod.GET, "plugins/sample").text())
                    .contains(
                            "\"inUseBy\":[{\"id\":\"volume-db\",\"label\":\"volume db\",\"durable\":true}]");
            assertThat(world.failure("plugin", "disable", "sample")).isEqualTo(IN_USE);
            assertThat(world.failure("plugin", "rm", "sample")).isEqualTo(IN_USE);

            world.restart();
            world.awaitRunning("sample");
            assertThat(world.failure("plugin", "disable", "sample")).isEqualTo(IN_USE);
            assertThat(send(world, HttpMethod.DELETE, HOLDER).status()).isEqualTo(204);
            world.ok("plugin", "disable", "sample");
        }
    }

    @Test
    void isSwitchedOffByForceWhichNamesWhomThatCutsOff() throws Exception {
        try (var world = DaemonWorld.start()) {
            world.ok("plugin", "create", "sample", System.getProperty("patchbay.samplePlugin"));
            world.ok("plugin", "enable", "sample");
            assertThat(send(world, HttpMethod.PUT, HOLD).status()).isEqualTo(200);
            world.ok("plugin", "disable", "-f", "sample");
            assertThat(world.log()).contains("cutOff=volume db");
            assertThat(world.inspect("sample", "{{json (index . \"InUseBy\")}}")).isEqualTo("null");
            assertThat(send(world, HttpMethod.DELETE, HOLDER).status()).isEqualTo(204);
            world.ok("plugin", "enable", "sample");
            world.ok("plugin", "disable", "sample");
            world.ok("plugin", "rm", "sample");
        }
    }

    @Test
    void tellsWhoeverUsesForceWhomThatCutsOff() throws Exception {
        try (var world = DaemonWorld.start()) {
            world.ok("plugin", "create", "sample", System.getProperty("patchbay.samplePlugin"));
            world.ok("plugin", "enable", "sample");
            assertThat(send(world, HttpMethod.PUT, HOLD).status()).isEqualTo(200);
            assertThat(send(world, HttpMethod.POST, "plugins/sample/disable?force=1").text())
                    .isEqualTo(CUT_OFF);
            world.ok("plugin", "enable", "sample");
            assertThat(send(world, HttpMethod.PUT, HOLD).status()).isEqualTo(200);
            assertThat(send(world, HttpMethod.DELETE, "plugins/sample?force=1").text()).isEqualTo(CUT_OFF);
        }
    }

    private static Answer send(DaemonWorld world, HttpMethod method, String path) {
        return world.call(method, path, new byte[0]);
    }
}
