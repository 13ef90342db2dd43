package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.crash.Sightings.Container;
import dev.patchbay.web.crash.SocketClient.Answer;
import dev.patchbay.web.crash.SocketClient.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A daemon whose exec root is full, as {@code /run} is when somebody else fills it: what runs works on and can be stopped,
 * what cannot be started says why, and does when there is room.
 */
@RequiresRoot
@Timeout(180)
class FullExecRootIT {
    private Host host;
    private SmallDisk disk;

    @BeforeAll
    static void needsPrograms() {
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void start() throws IOException {
        host = Host.create();
        disk = SmallDisk.at(host.folder().resolve("x"), 8);
        host.start();
        host.install("p", "v0");
        host.install("bystander", "v0");
        host.enable("bystander");
    }

    @AfterEach
    void leavesNothing() throws IOException {
        host.close();
    }

    @Test
    void enablesWhenThereIsRoomAgain() throws Exception {
        disk.fill();
        Answer answer = host.client().send(Request.post("/plugins/p/enable?timeout=60"));
        assertThat(answer.isDone()).as(answer.toString()).isFalse();
        saysWhatToDo(answer.body());
        assertThat(host.plugin("p").enabled()).isFalse();
        disk.makeRoom();

        host.enable("p");
        worksOn("p");
        worksOn("bystander");
        assertThat(strays()).isEmpty();
    }

    @Test
    void whatRunsWorksOnAndIsStoppedAndRemoved() throws Exception {
        host.enable("p");
        disk.fill();

        for (int i = 0; i < 200; i++) {
            worksOn("bystander"); // each request is a line in its log
        }
        host.client().done(Request.post("/plugins/bystander/disable"));
        host.client().done(Request.delete("/plugins/p?force=1"));
        assertThat(host.plugins()).extracting(Observation::name).containsExactly("bystander");
        Wait.untilAsserted(() -> assertThat(strays()).isEmpty());
        disk.makeRoom();

        host.enable("bystander");
        worksOn("bystander");
    }

    @Test
    void noticesAnEndAndStartsAgainWhenThereIsRoom() throws Exception {
        Container container = host.container(host.plugin("bystander").id());
        disk.fill();

        assertThat(exits(container)).isTrue();

        Wait.untilAsserted(() -> assertThat(host.plugin("bystander").state()).isEqualTo("backing-off"));
        Wait.untilAsserted(() -> {
            String plugin = host.client().done(Request.get("/patchbay/v1/plugins/bystander")).body();
            saysWhatToDo(plugin);
            // The code went the same way: a monitor leaves it in a file.
            assertThat(plugin).contains("or had no room for an exit file");
        });
        disk.makeRoom();
        host.awaitRunning("bystander");
        worksOn("bystander");
        assertThat(strays()).isEmpty();
    }

    private boolean exits(Container container) {
        try {
            host.socket(container.plugin()).send(Request.json("/Sample.Exit", "7"));
        } catch (IOException _) {
            // expected: the answer never comes
        }
        return true;
    }

    @Test
    void isTakenOverWithoutRoom() throws Exception {
        Container container = host.container(host.plugin("bystander").id());
        host.kill();
        // As it is where the last daemon found no room for its name.
        Files.write(host.folder().resolve("x/daemon.lock"), new byte[0]);
        disk.fill();

        host.start();

        host.awaitRunning("bystander");
        assertThat(host.container(container.plugin())).isEqualTo(container);
        Wait.until("ready", host::isReady);
        worksOn("bystander");
        disk.makeRoom();
        host.enable("p");
        worksOn("p");
    }

    private void saysWhatToDo(String text) {
        assertThat(text).containsIgnoringCase("no space left")
                .contains(host.folder().resolve("x").toString(), "free space", "try again");
        assertThat(host.log()).doesNotContain("internal error");
    }

    private void worksOn(String name) throws IOException {
        assertThat(host.plugin(name).state()).isEqualTo("running");
        assertThat(host.greeting(host.plugin(name).id())).isEqualTo("hello");
    }

    private List<String> strays() throws IOException {
        return host.traces()
                .strays(host.plugins())
                .stream()
                .filter(stray -> !stray.equals("mount " + host.folder().resolve("x"))
                        && !stray.endsWith(SmallDisk.FILLER))
                .toList();
    }
}
