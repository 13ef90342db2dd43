package dev.patchbay.web.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.registry.RealRegistry;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.web.crash.Condition.Content;
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
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon whose disk is full: what cannot be done is said with its remedy, what there was stays, and works on. */
@RequiresRoot
@Timeout(180)
class FullDiskIT {
    @RegisterExtension
    static final RealRegistry REGISTRY = RealRegistry.open();

    /** Room for some versions of the sample plugin, which is below 1 MB, unpacked and packed. */
    private static final int MEGABYTES = 24;

    private Host host;
    private SmallDisk disk;
    private String repository;

    @BeforeAll
    static void needsPrograms() {
        for (String program : List.of("/usr/bin/conmon", "/usr/sbin/runc")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: there is no " + program);
        }
    }

    @BeforeEach
    void start() throws IOException {
        host = Host.create();
        disk = SmallDisk.at(host.root(), MEGABYTES);
        host.start();
        repository = REGISTRY.get().address() + "/full/r" + Math.floorMod(System.nanoTime(), 1_000_000_000);
        for (String version : Wishes.PUBLISHED) {
            SampleVersions.publish(host.client(), repository + ":" + version, version);
        }
        host.install("bystander", "v0");
        host.enable("bystander");
    }

    @AfterEach
    void leavesNothing() throws IOException {
        host.close();
    }

    @Test
    void createsAndPullsWhenThereIsRoomAgain() throws Exception {
        Request create = Request.tar("/plugins/create?name=p", SampleVersions.context("v0"));
        Request pull = Request.json("/plugins/pull?remote=" + repository + ":v1&name=q", "[]");

        fill();
        List<Observation> before = host.plugins();
        refusedForWantOfRoom(create);
        refusedForWantOfRoom(pull);
        assertThat(host.plugins()).isEqualTo(before);
        assertThat(leftovers()).isEmpty();
        disk.makeRoom();

        host.client().done(create);
        host.client().done(pull);
        host.enable("p");
        host.enable("q");
        worksOn("bystander");
    }

    @Test
    void setsAndUpgradesWhenThereIsRoomAgain() throws Exception {
        host.install("p", "v0");
        Request set = Request.json("/plugins/p/set", "[\"SAMPLE_GREETING=servus\"]");
        Request upgrade = Request.json("/plugins/p/upgrade?remote=" + repository + ":v2", "[]");

        fill();
        Observation before = host.plugin("p");
        refusedForWantOfRoom(set);
        refusedForWantOfRoom(upgrade);
        assertThat(host.plugin("p")).isEqualTo(before);
        assertThat(leftovers()).isEmpty();
        disk.makeRoom();

        host.client().done(set);
        host.client().done(upgrade);
        assertThat(host.plugin("p").content()).isEqualTo(new Content("v2", "servus"));
        host.enable("p");
        worksOn("bystander");
    }

    @Test
    void enablesWhenThereIsRoomAgain() throws Exception {
        host.install("p", "v0");

        fill();
        refusedForWantOfRoom(Request.post("/plugins/p/enable?timeout=60"));
        assertThat(host.plugin("p").enabled()).isFalse();
        Wait.untilAsserted(() -> assertThat(host.plugin("p").state()).isEqualTo("stopped"));
        disk.makeRoom();

        host.enable("p");
        worksOn("p");
        worksOn("bystander");
    }

    @Test
    void disablesWhenThereIsRoomAgain() throws Exception {
        fill();
        refusedForWantOfRoom(Request.post("/plugins/bystander/disable"));
        assertThat(host.plugin("bystander").enabled()).as("still wanted").isTrue();
        disk.makeRoom();

        host.awaitRunning("bystander"); // what could not be switched off comes back
        host.client().done(Request.post("/plugins/bystander/disable"));
        assertThat(host.plugin("bystander").enabled()).isFalse();
    }

    @Test
    void removesWithoutRoomForThatMakesSome() throws Exception {
        host.install("p", "v0");
        fill();

        host.client().done(Request.delete("/plugins/p"));

        assertThat(host.plugins()).extracting(Observation::name).containsExactly("bystander");
        Wait.untilAsserted(() -> {
            host.client().done(Request.post("/patchbay/v1/gc"));
            assertThat(leftovers()).isEmpty();
        });
    }

    @Test
    void removesByForceWhatRunsWithoutRoom() throws Exception {
        host.install("p", "v0");
        host.enable("p");
        String id = host.plugin("p").id();
        fill();

        host.client().done(Request.delete("/plugins/p?force=1"));

        assertThat(host.plugins()).extracting(Observation::name).containsExactly("bystander");
        assertThat(host.sightings().containers()).doesNotContainKey(id);
        Wait.untilAsserted(() -> {
            host.client().done(Request.post("/patchbay/v1/gc"));
            assertThat(leftovers()).isEmpty();
        });
        worksOn("bystander");
    }

    @Test
    void rollsBackWhenThereIsRoomAgain() throws Exception {
        host.install("p", "v0", "SAMPLE_GREETING=servus");
        host.client().done(Request.json("/plugins/p/upgrade?remote=" + repository + ":v2", "[]"));
        Request rollBack = Request.post("/patchbay/v1/plugins/p/rollback");

        fill();
        Observation before = host.plugin("p");
        refusedForWantOfRoom(rollBack);
        assertThat(host.plugin("p")).isEqualTo(before);
        assertThat(leftovers()).isEmpty();
        disk.makeRoom();

        host.client().done(rollBack);
        assertThat(host.plugin("p").content()).isEqualTo(new Content("v0", "servus"));
        assertThat(host.plugin("p").files()).isEqualTo("v0");
        host.enable("p");
        worksOn("bystander");
    }

    @Test
    void importsWhenThereIsRoomAgain() throws Exception {
        byte[] archive = host.client().bytes(Request.get("/patchbay/v1/plugins/bystander/export"));
        Request take = Request.tar("/patchbay/v1/plugins/import?name=q&grant=all", archive);

        fill();
        List<Observation> before = host.plugins();
        refusedForWantOfRoom(take);
        assertThat(host.plugins()).isEqualTo(before);
        assertThat(leftovers()).isEmpty();
        disk.makeRoom();

        host.client().done(take);
        host.enable("q");
        worksOn("q");
        worksOn("bystander");
    }

    @Test
    void pushesWithoutRoomForNothingIsWritten() throws Exception {
        String reference = repository + ":full";
        host.client()
                .done(Request.json("/plugins/pull?remote=" + repository + ":v1&name=" + reference, "[]"));
        String content = host.plugins()
                .stream()
                .filter(it -> it.name().equals(reference))
                .findFirst()
                .orElseThrow()
                .content()
                .version();
        fill();
        List<Observation> before = host.plugins();

        host.client().done(Request.post("/plugins/" + reference + "/push"));

        assertThat(host.plugins()).isEqualTo(before);
        assertThat(leftovers()).isEmpty();
        disk.makeRoom();
        host.client().done(Request.delete("/plugins/" + reference));
        host.client().done(Request.json("/plugins/pull?remote=" + reference + "&name=q", "[]"));
        assertThat(host.plugin("q").content().version()).isEqualTo(content);
        worksOn("bystander");
    }

    @Test
    void restoresWithoutRoom() throws Exception {
        Sightings.Container container = host.container(host.plugin("bystander").id());
        fill();
        host.kill();

        host.start();

        host.awaitRunning("bystander");
        assertThat(host.container(container.plugin())).isEqualTo(container);
        Wait.until("ready", host::isReady);
        disk.makeRoom();
        worksOn("bystander");
    }

    /** It says what the disk refused and what can be done. */
    private void refusedForWantOfRoom(Request request) throws IOException {
        Answer answer = host.client().send(request);
        assertThat(answer.isDone()).as(answer.toString()).isFalse();
        assertThat(answer.body()).containsIgnoringCase("no space left")
                .contains(host.root().toString(), "free space", "try again");
        assertThat(host.log()).doesNotContain("internal error");
    }

    private void worksOn(String name) throws IOException {
        assertThat(host.plugin(name).state()).isEqualTo("running");
        assertThat(host.greeting(host.plugin(name).id())).isEqualTo("hello");
    }

    private List<String> leftovers() throws IOException {
        return host.traces()
                .strays(host.plugins())
                .stream()
                .filter(stray -> !stray.startsWith("mount " + host.root())
                        && !stray.endsWith(SmallDisk.FILLER)
                        // the journal that found no room: it is put aside, not deleted
                        && !stray.startsWith("file " + host.root() + "/events.db.left-"))
                .toList();
    }

    /** Leaves not a page, and nothing whose collection would make room. */
    private void fill() throws IOException {
        Wait.untilAsserted(() -> {
            host.client().done(Request.post("/patchbay/v1/gc"));
            assertThat(host.client().done(Request.post("/patchbay/v1/gc?dryRun=true")).body())
                    .contains("\"unreferenced\":0", "\"unfinished\":0");
        });
        disk.fill();
    }
}
