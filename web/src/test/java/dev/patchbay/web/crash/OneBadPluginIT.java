package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.StuckMount;
import dev.patchbay.web.crash.Sightings.Container;
import dev.patchbay.web.crash.SocketClient.Answer;
import dev.patchbay.web.crash.SocketClient.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A daemon that finds one plugin in a state that it cannot be restored from: that plugin alone is not there. The others
 * run, the daemon is ready and says what is wrong, and the plugin is back by itself once that is mended.
 */
@RequiresRoot
@Timeout(180)
class OneBadPluginIT {
    private Host host;
    private String bad;

    @BeforeAll
    static void needsPrograms() {
        for (String program : new String[]{"/usr/bin/conmon", "/usr/sbin/runc"}) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void start() throws IOException {
        host = Host.create();
        host.start();
        for (String name : new String[]{"good", "bad"}) {
            host.install(name, "v0");
            host.enable(name);
        }
        bad = host.plugin("bad").id();
    }

    @AfterEach
    void leavesNothing() throws IOException {
        host.close();
    }

    private Path home() {
        return host.root().resolve(bad);
    }

    @Test
    void aMissingRootFileSystemCostsItsPluginOnly() throws Exception {
        host.terminate();
        Path rootfs = home().resolve("rootfs");
        Path away = host.folder().resolve("away");
        Files.move(rootfs, away);

        host.start();

        costsItselfOnly(rootfs.toString());
        assertThat(host.plugin("bad").enabled()).as("still wanted").isTrue();
        Files.move(away, rootfs);
        isBack();
    }

    @Test
    void aDamagedRecordCostsItsPluginOnlyAndNotEvenItsContainer() throws Exception {
        Container container = host.container(bad);
        host.kill();
        Path record = home().resolve("config.json");
        byte[] intact = Files.readAllBytes(record);
        Files.writeString(record, "{\"plugin\":");

        host.start();

        costsItselfOnly(record.toString());
        assertThat(host.greeting(bad)).as("what runs on").isEqualTo("hello");
        Files.write(record, intact);
        isBack();
        assertThat(host.container(bad)).isEqualTo(container);
        assertThat(host.plugin("bad").generation()).isEqualTo(container.generation());
    }

    @Test
    void aMountWithoutServerOnItsRootFileSystemCostsItsPluginOnly() throws Exception {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: needs /dev/fuse");
        host.terminate();
        try (StuckMount stuck = StuckMount.on(home().resolve("rootfs"))) {
            stuck.die();

            host.start();

            costsItselfOnly(home().resolve("rootfs").toString());
        }
        isBack();
    }

    @Test
    void aMountThatHangsOnItsRootFileSystemCostsItsPluginOnly() throws Exception {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: needs /dev/fuse");
        host.terminate();
        try (StuckMount stuck = StuckMount.on(home().resolve("rootfs"))) {
            host.start();

            assertThat(host.client().done(Request.get("/_ping")).body()).isEqualTo("OK");
            host.awaitRunning("good");
            host.install("third", "v0");
            host.enable("third");
            stuck.die(); // else what waits for it would outlive the test
        }
        isBack();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStuckMountWhereItMountsItselfCostsNothing(boolean hangs) throws Exception {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: needs /dev/fuse");
        host.terminate();
        try (StuckMount stuck = StuckMount.on(home().resolve("propagated-mount"))) {
            if (!hangs) {
                stuck.die();
            }

            host.start();

            host.awaitRunning("good");
            isBack();
        }
    }

    private void costsItselfOnly(String what) throws IOException {
        Wait.until("ready", host::isReady);
        host.awaitRunning("good");
        Answer health = host.client().done(Request.get("/patchbay/v1/health"));
        assertThat(health.json().path("problems").valueStream().map(JsonNode::asString))
                .anySatisfy(problem -> assertThat(problem).contains(what));
        assertThat(host.plugins()).filteredOn(plugin -> plugin.name().equals("bad"))
                .extracting(Observation::state)
                .doesNotContain("running");
    }

    private void isBack() throws IOException {
        Wait.untilAsserted(() -> assertThat(host.plugins())
                .filteredOn(plugin -> plugin.name().equals("bad"))
                .extracting(Observation::state)
                .containsExactly("running"));
        assertThat(host.greeting(bad)).isEqualTo("hello");
        Wait.untilAsserted(() -> assertThat(
                host.client().done(Request.get("/patchbay/v1/health")).json().path("problems")).isEmpty());
        assertThat(host.traces().strays(host.plugins())).isEmpty();
    }
}
