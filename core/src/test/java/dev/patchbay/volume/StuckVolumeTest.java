package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginCallException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.StuckMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Mount points, and disks, whose file systems hang, died, or will not go. */
@Timeout(120)
class StuckVolumeTest {
    /** More volumes than there are threads that look at mount points, as long as none hangs. */
    private static final int MANY = 6;

    /** Fewer than may wait for one plugin. */
    private static final int AT_ONCE = 8;

    private final VolumeWorld world = new VolumeWorld(VolumeWorld.SHORT);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @RequiresRoot
    void detachesAMountThatNobodyServesAnyMoreWhenThePluginRefusesTo() throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        Path path = world.mount("db", "a").path();
        try (StuckMount dead = StuckMount.on(path)) {
            dead.die();
            driver.on("Unmount", Behaviour.json("{\"Err\":\"busy\"}"));
            VolumeWorld.done(world.volumes.unmount("db", "a"));
            assertThat(path).isEmptyDirectory();
        }
        assertThat(world.labels("vol")).containsExactly("volume db");
    }

    @Test
    @RequiresRoot
    void detachesADeadMountAboveTheMountPointToo() throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        Path above = Files.createDirectory(driver.host("db"));
        Files.createDirectory(above.resolve("_data"));
        driver.on("Mount", Behaviour.json("{\"Mountpoint\":\"/data/db/_data\"}"));
        world.mount("db", "a");
        try (StuckMount dead = StuckMount.on(above)) {
            dead.die();
            driver.on("Unmount", Behaviour.json("{\"Err\":\"busy\"}"));
            VolumeWorld.done(world.volumes.unmount("db", "a"));
            assertThat(above.resolve("_data")).isDirectory();
        }
        assertThat(world.labels("vol")).containsExactly("volume db");
    }

    @Test
    @RequiresRoot
    void keepsAMountThatIsThereAndThePluginRefusesToEnd() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        Path path = world.mount("db", "a").path();
        Mounts.bind(path, path);
        try {
            driver.on("Unmount", Behaviour.json("{\"Err\":\"busy\"}"));
            assertThat(VolumeWorld.failure(world.volumes.unmount("db", "a")))
                    .isInstanceOf(PluginCallException.Refused.class);
            assertThat(world.labels("vol")).contains("volume db mount a");
        } finally {
            Mounts.detach(path);
        }
    }

    @Test
    @RequiresRoot
    void aMountPointThatHangsIsGivenUp() throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.create("fine", "vol");
        Path path = Files.createDirectory(driver.host("db"));
        driver.on("Mount", Behaviour.json("{\"Mountpoint\":\"/data/db\"}"));
        try (StuckMount stuck = StuckMount.on(path)) {
            assertThat(stuck).isNotNull();
            assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                    .hasMessageContaining("takes longer than");
            assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("b"))))
                    .as("not looked at again")
                    .hasMessageContaining("an earlier look at " + path + " is not over yet");
            driver.works("Mount");
            assertThat(world.mount("fine", "a").path()).isDirectory();
        }
    }

    @Test
    @RequiresRoot
    void whatHangsAboveMountPointsHoldsUpTheVolumesBelowItOnly() throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        ScriptedDriver driver = world.driver("vol");
        world.create("fine", "vol");
        for (int i = 0; i < MANY; i++) {
            world.create("far" + i, "vol");
        }
        Path above = Files.createDirectory(driver.host("far"));
        driver.on("Mount", driver.mountingBelow("/data/far"));
        try (StuckMount stuck = StuckMount.on(above)) {
            assertThat(stuck).isNotNull();
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            for (int i = 0; i < MANY; i++) {
                world.volumes.mount("far" + i, Optional.of("a")).subscribe(_ -> {}, failures::add);
            }
            VolumeWorld.await(() -> driver.times("Mount") == MANY);
            driver.works("Mount");
            assertThat(world.mount("fine", "a").path()).isDirectory();
            VolumeWorld.await(() -> failures.size() == MANY);
            assertThat(failures).allSatisfy(
                    failure -> assertThat(failure).hasMessageContaining("looking at " + above));
        }
    }

    @Test
    @RequiresRoot
    void aConfiguredMountBelowThePropagatedOneIsNoPlaceForVolumesAndHoldsUpNoOthersIfItHangs()
            throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        Path away = Files.createDirectory(world.folder.resolve("away"));
        Files.createDirectory(away.resolve("db"));
        Path hung = Files.createDirectory(away.resolve("hung"));
        ScriptedDriver driver = world.driver("vol", PluginContexts.CONFIG.replace("\"network\":", """
                "propagatedMount":"/data","mounts":[{"name":"host","description":"","source":"%s",
                "destination":"/data/host","type":"bind","options":["rbind"]}],"network":"""
                .formatted(away)));
        Files.createDirectories(driver.host("host/db"));
        for (String volume : List.of("db", "hung", "fine")) {
            world.create(volume, "vol");
        }
        driver.on("Mount", driver.mounting("/data/host/db"));
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                .isInstanceOf(PluginCallException.Unreadable.class)
                .hasMessageContaining("is outside of its propagated mount /data");
        driver.on("Mount", driver.mounting("/data/host/hung/below"));
        try (StuckMount stuck = StuckMount.on(hung)) {
            assertThat(stuck).isNotNull();
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            world.volumes.mount("hung", Optional.of("a")).subscribe(_ -> {}, failures::add);
            VolumeWorld.await(() -> driver.times("Mount") == 2);
            driver.works("Mount");
            assertThat(world.mount("fine", "a").path()).isEqualTo(driver.host("fine"));
            VolumeWorld.await(() -> failures.size() == 1);
            assertThat(failures).singleElement().asString().contains("takes longer than 5s");
        }
    }

    @Test
    @RequiresRoot
    void aPluginManyOfWhoseMountPointsHangLeavesThreadsToTheOthers() throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        ScriptedDriver driver = world.driver("vol");
        Path above = Files.createDirectory(driver.host("far"));
        driver.on("Mount", driver.mountingBelow("/data/far"));
        for (int i = 0; i < MountPoints.MOST_HANGING_OF_ONE + 1; i++) {
            world.create("far" + i, "vol");
        }
        try (StuckMount stuck = StuckMount.on(above)) {
            assertThat(stuck).isNotNull();
            List<Throwable> failures = VolumeWorld.some(Flux.range(0, MountPoints.MOST_HANGING_OF_ONE)
                    .flatMap(i -> world.volumes.mount("far" + i, Optional.of("a"))
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Throwable.class, Mono::just), AT_ONCE)
                    .collectList());
            assertThat(failures).hasSize(MountPoints.MOST_HANGING_OF_ONE)
                    .allSatisfy(failure -> assertThat(failure).hasMessageContaining("looking at " + above));
            assertThat(VolumeWorld.failure(
                    world.volumes.mount("far" + MountPoints.MOST_HANGING_OF_ONE, Optional.of("a"))))
                    .hasMessageContaining("as many as 32 mount points of its plugin hang already");
            world.driver("other");
            world.create("fine", "other");
            assertThat(world.mount("fine", "a").path()).isDirectory();
        }
    }

    @Test
    @RequiresRoot
    void aDiskThatHangsIsWaitedForByNobodyForLong() throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        world.driver("vol").has("db");
        Path away = Files.createDirectory(world.folder.resolve("away"));
        var soon = new VolumesConfig.Times(VolumeWorld.PATIENCE, VolumeWorld.PATIENCE, VolumeWorld.PATIENCE,
                Duration.ofMillis(500), VolumeWorld.PATIENCE);
        StuckMount stuck = StuckMount.on(away);
        Volumes hung = Volumes.open(world.plugins, new VolumesConfig(away, soon));
        try {
            assertThat(VolumeWorld.failure(hung.mount("db", Optional.of("a"))))
                    .isInstanceOf(VolumesUnavailableException.class)
                    .hasMessageContaining("is still being read");
            assertThat(hung.problems()).singleElement().asString().contains("is still being read");
            assertThat(VolumeWorld.some(hung.inspect("db")).driver()).isEqualTo("vol:latest");
            assertThat(world.plugin("vol").status().generation()).isEqualTo(1);
        } finally {
            VolumeWorld.done(hung.close());
            stuck.close();
        }
    }

    @Test
    @RequiresRoot
    void onlyTheThreadThatHangsOutlivesAClosingAndThatAsLongAsTheDiskHangs() throws IOException {
        Assumptions.assumeTrue(StuckMount.possible(), "skipped: there is no FUSE");
        VolumeWorld.done(world.volumes.close());
        VolumeWorld.await(() -> threads().isEmpty());
        Path away = Files.createDirectory(world.folder.resolve("away"));
        StuckMount stuck = StuckMount.on(away);
        try {
            Volumes hung = Volumes.open(world.plugins, VolumesConfig.at(away));
            VolumeWorld.await(() -> threads().stream().anyMatch(name -> name.startsWith("volume-file")));
            VolumeWorld.done(hung.close());
            VolumeWorld.await(() -> threads().size() == 1);
            assertThat(threads()).singleElement().asString().startsWith("volume-file");
        } finally {
            stuck.close();
        }
        VolumeWorld.await(() -> threads().isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("volume-") && !name.startsWith("volume-world"))
                .toList();
    }
}
