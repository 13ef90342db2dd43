package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginCallException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.syscall.Mounts;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.syscall.StuckMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mount points, and disks, whose file systems hang, died, or will not go. */
@Timeout(120)
class StuckVolumeTest {
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
}
