package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.PluginStorageException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.volume.VolumeMount.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/**
 * What is left when everything ends between what a driver did and what is written down of it, or when the disk does not take it:
 * what somebody was told is so holds, the rest is whole or not at all.
 */
@Timeout(120)
class VolumeCutOffTest {
    private final VolumeWorld world = new VolumeWorld();

    @AfterEach
    void close() {
        world.close();
    }

    /** The driver does it, and by the time that it would say so nobody is there any more. */
    private Behaviour cutOffAfter(ScriptedDriver driver, String method) {
        return driver.working(method, () -> VolumeWorld.done(world.volumes.close()));
    }

    private void isCutOff(Mono<?> work) {
        assertThat(VolumeWorld.failure(work)).isInstanceOf(EngineClosedException.class);
    }

    private VolumeView view(String volume) {
        return VolumeWorld.some(world.volumes.inspect(volume));
    }

    @Test
    void aVolumeThatItsDriverRemovedAndThatIsStillInTheBookIsThereUntilItIsRemovedAgain() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        driver.on("Remove", cutOffAfter(driver, "Remove"));
        isCutOff(world.volumes.remove("db", Force.NO));
        assertThat(driver.volumes()).isEmpty();
        driver.works("Remove");
        world.restart(_ -> {});
        assertThat(view("db").problem()).contains("driver 'vol:latest' says that it has no such volume");
        assertThat(world.labels("vol")).containsExactly("volume db");
        VolumeWorld.done(world.volumes.remove("db", Force.NO));
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).volumes()).isEmpty();
        assertThat(world.labels("vol")).isEmpty();
    }

    @Test
    void aMountThatNobodyWasToldOfIsTakenBackAndOthersAreLeftAlone() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        MountedVolume told = world.mount("db", "told");
        driver.on("Mount", cutOffAfter(driver, "Mount"));
        isCutOff(world.volumes.mount("db", Optional.of("untold")));
        assertThat(driver.mounted("db")).containsExactlyInAnyOrder("told", "untold");
        driver.works("Mount");
        world.restart(_ -> {});
        VolumeWorld.await(() -> world.labels("vol").equals(List.of("volume db", "volume db mount told")));
        assertThat(driver.mounted("db")).containsExactly("told");
        assertThat(driver.counted("db")).isEqualTo(1);
        assertThat(world.mount("db", "told")).isEqualTo(told);
        assertThat(driver.times("Mount")).isEqualTo(2);
    }

    @Test
    void aMountThatItsDriverEndedAndThatIsStillInTheBookIsEndedAgain() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "stays");
        world.mount("db", "goes");
        driver.on("Unmount", cutOffAfter(driver, "Unmount"));
        isCutOff(world.volumes.unmount("db", "goes"));
        assertThat(world.json()).contains("\"LEAVING\"");
        driver.works("Unmount");
        world.restart(_ -> {});
        VolumeWorld.await(() -> world.labels("vol").equals(List.of("volume db", "volume db mount stays")));
        assertThat(driver.times("Unmount")).as("it is told again, and refuses").isEqualTo(2);
        assertThat(view("db").mounts()).extracting(VolumeMount::id).containsExactly("stays");
        assertThat(view("db").mounts()).extracting(VolumeMount::state).containsExactly(State.MOUNTED);
        assertThat(driver.mounted("db")).containsExactly("stays");
    }

    private Path file() {
        return world.folder.resolve("r").resolve(VolumesConfig.FILE);
    }

    /** No file can take the place of a folder that is not empty. */
    private void block() throws IOException {
        Files.deleteIfExists(file());
        Files.createDirectories(file().resolve("in the way"));
    }

    private void unblock() throws IOException {
        Files.delete(file().resolve("in the way"));
        Files.delete(file());
    }

    @Test
    void leavesNothingOfAVolumeThatTheDiskDoesNotTake() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        driver.has("old");
        block();
        assertThat(VolumeWorld.failure(world.volumes.create(
                new VolumeRequest("db", "vol", Map.of(), Map.of()))))
                .isInstanceOf(PluginStorageException.class);
        assertThat(driver.volumes()).containsExactly("old");
        assertThat(world.labels("vol")).isEmpty();
        assertThat(VolumeWorld.failure(world.volumes.mount("old", Optional.of("a"))))
                .isInstanceOf(PluginStorageException.class);
        assertThat(driver.times("Mount")).isZero();
        assertThat(world.labels("vol")).isEmpty();
        unblock();
        world.mount("old", "a");
        assertThat(world.labels("vol")).containsExactly("volume old", "volume old mount a");
    }

    @Test
    void whatTheDiskDoesNotTakeChangesNothingThatWasPromised() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        block();
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("b"))))
                .isInstanceOf(PluginStorageException.class);
        assertThat(VolumeWorld.failure(world.volumes.unmount("db", "a")))
                .isInstanceOf(PluginStorageException.class);
        assertThat(driver.mounted("db")).containsExactly("a");
        assertThat(driver.times("Unmount")).isZero();
        assertThat(world.labels("vol")).containsExactly("volume db", "volume db mount a");
        unblock();
        VolumeWorld.done(world.volumes.unmount("db", "a"));
        VolumeWorld.done(world.volumes.remove("db", Force.NO));
        assertThat(world.labels("vol")).isEmpty();
    }
}
