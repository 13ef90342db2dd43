package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.DockerCommand;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An authorization plugin under the real runtime, and docker's command line in front of it. */
@RequiresRoot
@Timeout(180)
class AuthorizationIT {
    private static final byte[] NOTHING = {};

    private DaemonWorld world;
    private Path context;

    @BeforeAll
    static void needsDocker() throws InterruptedException {
        Assumptions.assumeTrue(DockerCommand.isInstalled(), "skipped: there is no docker command line");
    }

    @BeforeEach
    void start() throws IOException {
        world = DaemonWorld.start();
        context = world.sample("docker.dummy/1.0", "docker.authz/1.0");
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        world.close();
    }

    private void enabled(String... settings) throws IOException, InterruptedException {
        world.ok("plugin", "create", "authz", context.toString());
        for (String setting : settings) {
            world.ok("plugin", "set", "authz", setting);
        }
        world.ok("plugin", "enable", "authz");
    }

    @Test
    @DisplayName("D28: it takes part as soon as it is enabled, and no longer when it is disabled, as often as you like")
    void deniesFromEnableToDisableD28() throws Exception {
        enabled("SAMPLE_DENY_URI=/plugins/create");
        for (int round = 0; round < 2; round++) {
            assertThat(world.failure("plugin", "create", "other", context.toString()))
                    .contains("authorization denied by plugin authz:latest: no /plugins/create here");
            assertThat(world.ok("plugin", "ls", "--format", "{{.Name}}")).isEqualTo("authz:latest\n");
            world.ok("plugin", "disable", "authz");
            world.ok("plugin", "create", "other", context.toString());
            world.ok("plugin", "rm", "other");
            world.ok("plugin", "enable", "authz");
        }
        assertThat(world.call(HttpMethod.GET, "plugins/authz/logs", NOTHING).text())
                .contains("denied /v1.", "allowed /patchbay/v1/plugins/authz/logs for");
        assertThat(world.log()).contains("authorization denied by plugin authz:latest");
        world.ok("plugin", "rm", "-f", "authz");
        world.ok("plugin", "create", "other", context.toString());
    }

    @Test
    void deniesAnswers() throws Exception {
        enabled("SAMPLE_DENY_ANSWER=/version");
        assertThat(world.failure("version")).contains(
                "authorization denied by plugin authz:latest: no /version here");
        assertThat(world.ok("info", "--format", "{{.Plugins.Authorization}}")).isEqualTo("[authz:latest]\n");
    }

    @Test
    void startsOnlyIfThoseThatAreNamedAreThere() throws Exception {
        assertThat(world.refusedStart("--authorization-plugin", "authz"))
                .startsWith("1: ")
                .contains("patchbay: cannot start: authorization plugin \"authz\" is not installed");
        world.restart();
        world.ok("plugin", "create", "authz", context.toString());
        assertThat(world.refusedStart("--authorization-plugin", "authz"))
                .startsWith("1: ")
                .contains("patchbay: cannot start: authorization plugin \"authz\" is not enabled");
        world.restart();
        world.ok("plugin", "set", "authz", "SAMPLE_DENY_URI=/plugins/create");
        world.ok("plugin", "enable", "authz");

        world.restart("--authorization-plugin", "authz");

        world.awaitRunning("authz");
        assertThat(world.failure("plugin", "create", "other", context.toString()))
                .contains("authorization denied by plugin authz:latest");
        world.ok("plugin", "disable", "authz");
        world.ok("plugin", "create", "other", context.toString());
    }

    @Test
    void deniesWhileItDoesNotRun() throws Exception {
        enabled();
        world.ok("plugin", "disable", "authz");
        world.ok("plugin", "set", "authz", "SAMPLE_CRASH_AFTER_MS=1000");
        world.ok("plugin", "enable", "authz");
        // It goes on crashing, with growing pauses; whoever asks meanwhile is told why it cannot be.
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .untilAsserted(
                        () -> assertThat(world.failure("plugin", "ls"))
                                .contains("plugin authz:latest failed with error: "));
        world.restart("--authz-root-recovery");
        world.ok("plugin", "disable", "authz");
    }

    @Test
    void hasAWayOutForRootIfTheOperatorLeavesOne() throws Exception {
        enabled("SAMPLE_DENY_URI=/");
        assertThat(world.failure("plugin", "disable", "authz")).contains("no / here");
        assertThat(world.failure("plugin", "rm", "-f", "authz")).contains("no / here");
        assertThat(world.call(HttpMethod.GET, "plugins", NOTHING).status()).isEqualTo(403);

        world.restart("--authz-root-recovery");

        world.awaitRunning("authz");
        assertThat(world.ok("plugin", "ls", "--format", "{{.Name}}")).isEqualTo("authz:latest\n");
        assertThat(world.failure("plugin", "create", "other", context.toString())).contains("no / here");
        world.ok("plugin", "disable", "authz");
        world.ok("plugin", "create", "other", context.toString());
        assertThat(world.log()).contains("root goes past the authorization plugins with POST")
                .containsPattern("authz_bypassed .*path=/v1[^ ]*/plugins/authz/disable");
    }
}
