package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.registry.FakeRegistryServer;
import dev.patchbay.registry.Fault;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.RequiresDocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An unmodified docker, the daemon in a process of its own, and a registry that does as it is told. */
@RequiresRoot
@RequiresDocker
@Timeout(180)
class RemoteTroubleIT {
    @AutoClose
    private final DaemonWorld world = DaemonWorld.start();

    private FakeRegistryServer registry;
    private String name;

    @BeforeEach
    void start() throws IOException {
        registry = FakeRegistryServer.start();
        name = registry.host() + "/me/sample";
    }

    @AfterEach
    void closeRegistry() throws IOException {
        registry.close();
    }

    @Test
    void leavesNothingWhenTheUserInterruptsAnInstall() throws Exception {
        world.publish(name);
        world.awaitNothingStored(); // else there is nothing to fetch
        int before = registry.requests().size();
        registry.failAlways("GET .+blobs/" + layer(), Fault.stallAfter(1000));
        Process install = world.docker().start("plugin", "install", "--disable", name);
        Awaitility.await()
                .atMost(DaemonWorld.PATIENCE)
                .until(() -> registry.requests()
                        .stream()
                        .skip(before)
                        .anyMatch(seen -> seen.uri().contains("/blobs/" + layer())));

        new ProcessBuilder("/bin/kill", "-INT", Long.toString(install.pid())).start().waitFor();
        assertThat(install.waitFor(60, TimeUnit.SECONDS)).isTrue();

        world.awaitNothingStored();
        registry.behave();
        world.ok("plugin", "install", "--disable", name); // the name is free again
    }

    private String layer() {
        String manifest = new String(registry.manifest("me/sample", "latest").orElseThrow(),
                StandardCharsets.UTF_8);
        return manifest.replaceAll("(?s).*\"layers\":.*?(sha256:[0-9a-f]{64}).*", "$1");
    }

    @Test
    @DisplayName("D23: the client's X-Meta headers stand in each request to the registry, on retries too")
    void passesTheClientsHeadersOnD23() throws Exception {
        world.configureDocker("{\"HttpHeaders\":{\"X-Meta-Who\":\"me\",\"X-Other\":\"no\"}}");
        registry.fail("GET .+manifests/", Fault.status(503));
        world.publish(name);
        world.ok("plugin", "install", name);

        assertThat(registry.requests()).isNotEmpty().allSatisfy(seen -> {
            assertThat(seen.headers()).containsEntry("x-meta-who", List.of("me"));
            assertThat(seen.headers()).doesNotContainKey("x-other");
        });
    }

    @Test
    @DisplayName("D27: a token that a login brought counts")
    void usesWhatALoginBroughtD27() throws Exception {
        registry.requireToken("me", "good:password");
        assertThat(world.docker()
                .answering("bad", "login", "-u", "me", "--password-stdin", registry.host())
                .failure())
                .contains("Error response from daemon");
        world.docker()
                .answering("good:password", "login", "-u", "me", "--password-stdin", registry.host())
                .ok();
        world.publish(name);
        world.ok("plugin", "install", name);
        assertThat(world.log()).doesNotContain("good:password");
    }

    @Test
    @DisplayName("D1: a registry that fails is told as one")
    void tellsThatTheRegistryFailsD1() throws Exception {
        world.publish(name);
        world.awaitNothingStored();
        registry.failAlways("manifests/", Fault.status(500));
        assertThat(world.failure("plugin", "install", name)).contains(registry.host(), "500");
        registry.behave();
        registry.failAlways("blobs/" + layer(), Fault.status(403));
        assertThat(world.failure("plugin", "install", name)).contains(layer());
        world.awaitNothingStored();
    }
}
