package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.Status;
import dev.patchbay.VolumeNotFoundException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.use.Holder;
import dev.patchbay.volume.VolumeMount.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volumes and mounts outlive their plugin's crash, this process, and a damaged file. */
@Timeout(120)
class VolumeRestartTest {
    /** More than orders that are given together take to arrive. */
    private static final long LONG_ENOUGH_MILLIS = 1000;

    private final VolumeWorld world = new VolumeWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private State state(String volume) {
        return VolumeWorld.some(world.volumes.inspect(volume)).mounts().getFirst().state();
    }

    @Test
    void mountsAgainWhenThePluginIsBackAfterACrash() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        world.mount("db", "b");
        driver.loseMounts();
        world.crash("vol");
        VolumeWorld.await(() -> driver.mounted("db").size() == 2);
        VolumeWorld.await(() -> state("db") == State.MOUNTED);
        assertThat(world.labels("vol")).hasSize(3);
        VolumeWorld.await(() -> world.told()
                .containsAll(List.of("volume_mount db a restart", "volume_mount db b restart")));
    }

    @Test
    void makesAVolumeAgainThatItsDriverHasLostAndMountsItAgain() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        driver.loses("db");
        world.crash("vol");
        VolumeWorld.await(() -> state("db") == State.WAITING && driver.times("Mount") >= 2);
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).problem()).contains(
                "driver 'vol:latest' says that it has no such volume");
        VolumeWorld.await(() -> world.volumes.problems().toString().contains("volume db mount a"));
        assertThat(world.create("db", "vol").problem()).isEmpty();
        VolumeWorld.await(() -> state("db") == State.MOUNTED);
        assertThat(driver.mounted("db")).containsExactly("a");
        VolumeWorld.await(() -> world.volumes.problems().isEmpty());
        assertThat(world.labels("vol")).containsExactly("volume db", "volume db mount a");
    }

    @Test
    void aDriverThatCountsIsNotAskedTwiceForAMountThatFailedAfterItWasMade() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        driver.loseMounts();
        driver.on("Mount", driver.mounting("/etc"));
        world.crash("vol");
        VolumeWorld.await(() -> driver.times("Mount") >= 3);
        driver.works("Mount");
        VolumeWorld.await(() -> state("db") == State.MOUNTED);
        assertThat(driver.counted("db")).isEqualTo(1);
        assertThat(world.labels("vol")).containsExactly("volume db", "volume db mount a");
    }

    @Test
    void saysNothingMoreOfWhatItsOwnerPutRight() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        driver.loseMounts();
        driver.on("Mount", Behaviour.json("{\"Err\":\"not now\"}"));
        world.crash("vol");
        VolumeWorld.await(() -> driver.times("Mount") >= 4 && !world.volumes.problems().isEmpty());
        driver.works("Mount");
        world.mount("db", "a");
        VolumeWorld.await(() -> world.volumes.problems().isEmpty());
        assertThat(driver.counted("db")).isEqualTo(1);
    }

    @Test
    void makesALostVolumeAgainAsItWasRemembered() {
        ScriptedDriver driver = world.driver("vol");
        VolumeWorld.some(world.volumes.create(
                new VolumeRequest("db", "vol", Map.of("size", "1"), Map.of("team", "a"))));
        driver.loses("db");
        VolumeView again = world.create("db", "vol");
        assertThat(again.labels()).containsExactly(Map.entry("team", "a"));
        assertThat(again.options()).containsExactly(Map.entry("size", "1"));
        assertThat(driver.plugin.received("VolumeDriver.Create").getLast().text())
                .isEqualToIgnoringWhitespace("{\"Name\":\"db\",\"Opts\":{\"size\":\"1\"}}");
    }

    @Test
    void aDriverThatCannotSayWhetherItHasAVolumeIsNotAskedToMakeItAgain() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        driver.on("Get", Behaviour.json("{\"Err\":\"the disks are away\"}"));
        world.create("db", "vol");
        driver.on("List", Behaviour.json("{\"Err\":\"the disks are away\"}"));
        world.create("db", "vol");
        assertThat(driver.times("Create")).isEqualTo(1);
    }

    @Test
    void leavesOthersHoldsAloneThatLookLikeItsOwn() throws IOException {
        world.driver("vol");
        world.create("db", "vol");
        VolumeWorld.some(world.plugins.acquire("vol", "volumedriver",
                Holder.durable("volume:other", "backup")));
        world.restart(_ -> {});
        VolumeWorld.some(world.volumes.list(VolumeFilter.ALL));
        assertThat(world.labels("vol")).containsExactly("backup", "volume db");
    }

    @Test
    void leavesAMountAloneThatOutlivedThisProcess() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        MountedVolume before = world.mount("db", "a");
        world.restart();
        VolumeWorld.await(() -> state("db") == State.MOUNTED);
        assertThat(world.mount("db", "a")).isEqualTo(before);
        assertThat(driver.times("Mount")).isEqualTo(1);
        assertThat(driver.times("Unmount")).isZero();
        assertThat(world.labels("vol")).containsExactly("volume db", "volume db mount a");
        VolumeWorld.done(world.volumes.unmount("db", "a"));
        assertThat(driver.mounted("db")).isEmpty();
        VolumeWorld.done(world.volumes.remove("db", Force.NO));
        assertThat(world.labels("vol")).isEmpty();
    }

    @Test
    void mountsAgainWhatEndedWithTheMachine() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        driver.loseMounts();
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        world.restart(file -> Files.writeString(file,
                Files.readString(file).replace(boot, "00000000-0000-0000-0000-000000000000")));
        VolumeWorld.await(() -> driver.mounted("db").contains("a"));
        assertThat(driver.times("Mount")).isEqualTo(2);
    }

    @Test
    void takesBackWhatNobodyHeardOfBeforeThisProcessEnded() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        world.restart(file -> Files.writeString(file,
                Files.readString(file).replace("\"MOUNTED\"", "\"ASKED\"")));
        VolumeWorld.await(() -> VolumeWorld.some(world.volumes.inspect("db")).mounts().isEmpty());
        assertThat(driver.mounted("db")).isEmpty();
        VolumeWorld.await(() -> world.labels("vol").size() == 1);
    }

    @Test
    void endsMountsOfAPluginThatIsSwitchedOffByForceAndRemembersVolumes() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        VolumeWorld.some(world.plugins.disable("vol", Force.YES));
        VolumeWorld.await(() -> world.told().contains("volume_unmount db a plugin gone"));
        VolumeView off = VolumeWorld.some(world.volumes.inspect("db"));
        assertThat(off.mounts()).isEmpty();
        assertThat(off.problem()).contains("plugin vol:latest found but disabled");
        driver.loseMounts();
        VolumeWorld.done(world.plugins.enable("vol", VolumeWorld.PATIENCE));
        VolumeWorld.await(() -> world.labels("vol").equals(List.of("volume db")));
        assertThat(driver.mounted("db")).isEmpty();
    }

    @Test
    void mountsOfAPluginThatKeepsFailingWaitUntilItIsRemovedByForce() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        MountedVolume before = world.mount("db", "a");
        driver.loseMounts();
        world.crashForGood("vol");
        VolumeWorld.await(() -> world.plugin("vol").status().state() == Status.State.BACKING_OFF
                && world.plugin("vol").status().restarts() >= 2);
        VolumeMount waiting = VolumeWorld.some(world.volumes.inspect("db")).mounts().getFirst();
        assertThat(waiting).isEqualTo(new VolumeMount("a", State.WAITING, Optional.of(before.path())));
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("b"))))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("vol");
        assertThat(world.labels("vol")).containsExactly("volume db", "volume db mount a");
        assertThat(VolumeWorld.failure(world.plugins.remove("vol", Force.NO))).hasMessageContaining("vol");
        VolumeWorld.some(world.plugins.remove("vol", Force.YES));
        VolumeWorld.await(() -> world.told().contains("volume_unmount db a plugin gone"));
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).mounts()).isEmpty();
        VolumeWorld.done(world.volumes.remove("db", Force.YES));
        assertThat(world.json()).contains("\"volumes\":[]");
    }

    @Test
    void tellsADriverOfSoManyUnmountsAtATime() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        for (int i = 0; i < 2 * Keeper.MOST_UNMOUNTINGS; i++) {
            world.create("v" + i, "vol");
            world.mount("v" + i, "a");
        }
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var tooMany = new CountDownLatch(Keeper.MOST_UNMOUNTINGS + 1);
        Behaviour works = driver.working("Unmount");
        driver.on("Unmount", (request, peer) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            tooMany.countDown();
            boolean _ = tooMany.await(LONG_ENOUGH_MILLIS, TimeUnit.MILLISECONDS);
            now.decrementAndGet();
            works.answer(request, peer);
        });
        world.restart(file -> Files.writeString(file,
                Files.readString(file).replace("\"MOUNTED\"", "\"LEAVING\"")));
        VolumeWorld.await(() -> world.told()
                .stream()
                .filter(event -> event.startsWith("volume_unmount"))
                .count() == 2 * Keeper.MOST_UNMOUNTINGS);
        assertThat(most).hasValue(Keeper.MOST_UNMOUNTINGS);
    }

    @Test
    void forgetsTheVolumesOfARemovedPluginByForceOnly() {
        world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        VolumeWorld.some(world.plugins.remove("vol", Force.YES));
        VolumeWorld.await(() -> world.told().contains("volume_unmount db a plugin gone"));
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).warnings()).singleElement()
                .asString()
                .contains("plugin \"vol:latest\" not found");
        assertThat(VolumeWorld.failure(world.volumes.remove("db", Force.NO)))
                .hasMessageContaining("not found");
        VolumeWorld.done(world.volumes.remove("db", Force.YES));
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).volumes()).isEmpty();
    }

    @Test
    void findsAVolumeThatWasMadeAndNotWrittenDownAndLetsGoOfItsPluginUntilThen() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("kept", "vol");
        String before = world.json();
        world.create("lost", "vol");
        world.restart(file -> Files.writeString(file, before));
        VolumeWorld.some(world.volumes.inspect("lost"));
        assertThat(world.labels("vol")).containsExactly("volume kept");
        assertThat(world.create("lost", "vol").problem()).isEmpty();
        assertThat(driver.volumes()).containsExactlyInAnyOrder("kept", "lost");
        assertThat(world.labels("vol")).containsExactly("volume kept", "volume lost");
    }

    @Test
    void keepsADamagedFileAsideAndLetsGoOfNothing() throws IOException {
        world.driver("vol");
        world.create("db", "vol");
        world.restart(file -> Files.writeString(file, "{\"version\":1,\"volumes\":[{]"));
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).driver()).isEqualTo("vol:latest");
        assertThat(world.labels("vol")).containsExactly("volume db");
        assertThat(world.volumes.problems()).singleElement()
                .asString()
                .contains("volumes.json.damaged-", "is damaged");
        world.create("db", "vol");
        assertThat(world.json()).contains("\"db\"");
        try (var files = Files.list(world.folder.resolve("r"))) {
            assertThat(files.filter(file -> file.getFileName().toString().contains(".damaged-")))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readString(file)).endsWith("[{]"));
        }
    }

    @Test
    void isUnavailableAsLongAsTheFileCannotBeReadAndNoLonger() throws IOException {
        world.driver("vol");
        world.create("db", "vol");
        VolumeWorld.done(world.volumes.close());
        Path away = Files.createFile(world.folder.resolve("away")); // no folder, as if its disk were broken
        var soon = new VolumesConfig.Times(VolumeWorld.PATIENCE, VolumeWorld.PATIENCE, VolumeWorld.PATIENCE,
                Duration.ofMillis(300), VolumeWorld.PATIENCE);
        world.volumes = Volumes.open(world.plugins, new VolumesConfig(away, soon));
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                .isInstanceOf(VolumesUnavailableException.class);
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).problem()).isPresent();
        assertThat(VolumeWorld.failure(world.volumes.inspect("none")))
                .isInstanceOf(VolumeNotFoundException.class);
        VolumeWorld.await(() -> world.volumes.problems().toString().contains("the volumes cannot be read"));
        Path file = world.folder.resolve("r").resolve(VolumesConfig.FILE);
        Path mended = Files.createDirectory(world.folder.resolve("mended"));
        Files.move(file, mended.resolve(VolumesConfig.FILE));
        Files.delete(away);
        Files.move(mended, away);
        VolumeWorld.await(() -> world.volumes.problems().isEmpty());
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).driver()).isEqualTo("vol:latest");
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).volumes()).hasSize(1);
    }

    @Test
    void unmountsLaterWhatThePluginCouldNotBeToldOf() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        driver.on("Unmount", Behaviour.close(), driver.working("Unmount"));
        assertThat(VolumeWorld.failure(world.volumes.unmount("db", "a")))
                .isInstanceOf(PluginCallException.Broken.class);
        VolumeWorld.await(() -> VolumeWorld.some(world.volumes.inspect("db")).mounts().isEmpty());
        assertThat(driver.mounted("db")).isEmpty();
    }

    @Test
    void keepsOptionsAndLabelsOverARestart() {
        world.driver("vol");
        VolumeWorld.some(world.volumes.create(
                new VolumeRequest("db", "vol", Map.of("o", "\u00fc\"\\"), Map.of("l", ""))));
        world.restart();
        VolumeView view = VolumeWorld.some(world.volumes.inspect("db"));
        assertThat(view.options()).containsExactly(Map.entry("o", "\u00fc\"\\"));
        assertThat(view.labels()).containsExactly(Map.entry("l", ""));
        assertThat(Optional.of(view.driver())).contains("vol:latest");
    }
}
