package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Drivers that hang, talk nonsense, or say that volumes are where they must not be. */
@Timeout(120)
class VolumeTroubleTest {
    private final VolumeWorld world = new VolumeWorld(VolumeWorld.SHORT);

    @AfterEach
    void close() {
        world.close();
    }

    /** Waits until a test lets it go on, or its connection ends. */
    private static Behaviour after(CountDownLatch latch, Behaviour then) {
        return (request, peer) -> {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
            then.answer(request, peer);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/etc", "/data/../etc", "/data/db/../../etc", "data/db", "/database", "", "/proc/self",
                    "/data/db\\n"})
    void takesNoMountPointOutsideOfThePropagatedMount(String path) {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        driver.on("Mount", Behaviour.json("{\"Mountpoint\":\"" + path + "\"}"))
                .on("Path", Behaviour.json("{\"Mountpoint\":\"/etc\"}"));
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                .isInstanceOf(PluginCallException.Unreadable.class);
        assertThat(driver.times("Unmount")).as("what it may have done is taken back").isEqualTo(1);
        assertThat(world.labels("vol")).containsExactly("volume db");
        assertThat(world.json()).contains("\"mounts\":[]");
    }

    @Test
    void takesNoMountPointThatIsALinkOrNoFolder() throws IOException {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        Files.createFile(driver.host("file"));
        Files.createSymbolicLink(driver.host("link"), Path.of("/etc"));
        Files.createDirectory(driver.host("real"));
        Files.createSymbolicLink(driver.host("inside"), Path.of("/data/real"));
        for (String bad : List.of("/data/file", "/data/link", "/data/missing", "/data/file/below")) {
            driver.on("Mount", Behaviour.json("{\"Mountpoint\":\"" + bad + "\"}"));
            assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a")))).as(bad)
                    .isInstanceOf(PluginCallException.Unreadable.class);
        }
        driver.on("Mount", Behaviour.json("{\"Mountpoint\":\"/data/inside\"}"));
        assertThat(world.mount("db", "a").path()).as("as the plugin sees it").isEqualTo(driver.host("real"));
    }

    static Stream<Behaviour> nonsense() {
        return Stream.of(Behaviour.json("[1]"), Behaviour.json("{{{"), Behaviour.raw("\0\1 no HTTP\r\n\r\n"),
                Behaviour.close(), Behaviour.status(500, "broken"),
                Behaviour.json("{\"Volumes\":7,\"Volume\":7,\"Mountpoint\":7}"),
                Behaviour.json("{\"Volumes\":[null,{}],\"Volume\":{\"Name\":\"other\"}}"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseCostsItsOwnVolumesOnly(Behaviour nonsense) {
        ScriptedDriver bad = world.driver("bad");
        world.driver("good").has("fine");
        world.create("db", "bad");
        bad.on("List", nonsense)
                .on("Get", nonsense)
                .on("Mount", nonsense)
                .on("Create", nonsense)
                .on("Capabilities", nonsense);
        VolumeList list = VolumeWorld.some(world.volumes.list(VolumeFilter.ALL));
        assertThat(list.volumes()).extracting(VolumeView::name).containsExactly("db", "fine");
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).problem()).isPresent();
        assertThat(VolumeWorld.some(world.volumes.inspect("fine")).driver()).isEqualTo("good:latest");
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                .isInstanceOf(PluginException.class);
        assertThat(world.labels("bad")).contains("volume db");
    }

    @Test
    void saysOfADriverThatHangsThatItDoes() {
        ScriptedDriver hung = world.driver("hung");
        world.driver("sound").has("fine");
        world.create("db", "hung");
        hung.on("List", Behaviour.hang()).on("Get", Behaviour.hang());
        VolumeList list = VolumeWorld.some(world.volumes.list(VolumeFilter.ALL));
        assertThat(list.volumes()).extracting(VolumeView::name).containsExactly("db", "fine");
        assertThat(list.warnings()).singleElement()
                .asString()
                .contains("driver 'hung:latest'", "did not answer VolumeDriver.List within 3 s");
        assertThat(hung.times("List")).as("nobody waits for it twice").isEqualTo(1);
        assertThat(VolumeWorld.some(world.volumes.inspect("fine")).name()).isEqualTo("fine");
        assertThat(VolumeWorld.failure(world.volumes.inspect("other")))
                .hasMessageContaining("get other: no such volume; not all drivers could be asked");
        VolumeWorld.done(world.volumes.remove("other", Force.YES)); // as Docker
    }

    @Test
    void hidesNamesThatNobodyMayGive() {
        ScriptedDriver driver = world.driver("vol");
        driver.on("List",
                Behaviour.json("{\"Volumes\":[{\"Name\":\"../../etc\"},{\"Name\":\"ok\"},{\"Name\":\"\"}]}"));
        VolumeList list = VolumeWorld.some(world.volumes.list(VolumeFilter.ALL));
        assertThat(list.volumes()).extracting(VolumeView::name).containsExactly("ok");
        assertThat(list.warnings()).containsExactly(
                "driver 'vol:latest' has 2 volumes that are not shown: their names are not allowed");
    }

    @Test
    void readsNoMoreVolumesThanADriverCanHave() {
        ScriptedDriver driver = world.driver("vol");
        var all = new StringBuilder("{\"Volumes\":[");
        for (int i = 0; i <= DriverCalls.MOST_LISTED; i++) {
            all.append(i == 0 ? "" : ",").append("{\"Name\":\"v").append(i).append("\"}");
        }
        driver.on("List", Behaviour.json(all.append("]}").toString()));
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).warnings()).singleElement()
                .asString()
                .contains("it has 10001 volumes");
    }

    @Test
    void anUnmountThatHangsHoldsUpItsOwnVolumeOnly() {
        ScriptedDriver driver = world.driver("vol");
        world.create("hung", "vol");
        world.create("fine", "vol");
        world.mount("hung", "a");
        world.mount("fine", "a");
        var goOn = new CountDownLatch(1);
        driver.on("Unmount", after(goOn, driver.working("Unmount")), driver.working("Unmount"));
        var failures = new ArrayList<Throwable>();
        Disposable hanging = world.volumes.unmount("hung", "a")
                .doOnError(failures::add)
                .onErrorComplete()
                .subscribe();
        VolumeWorld.await(() -> driver.times("Unmount") == 1);
        VolumeWorld.done(world.volumes.unmount("fine", "a"));
        assertThat(driver.mounted("fine")).isEmpty();
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).volumes()).hasSize(2);
        VolumeWorld.await(hanging::isDisposed);
        assertThat(failures).singleElement().isInstanceOf(PluginCallException.TimedOut.class);
        goOn.countDown();
        VolumeWorld.await(() -> VolumeWorld.some(world.volumes.inspect("hung")).mounts().isEmpty());
        assertThat(driver.mounted("hung")).isEmpty();
    }

    @Test
    void whatWaitsForOneVolumeIsBounded() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        driver.on("Mount", Behaviour.hang());
        var failures = new ArrayList<Throwable>();
        var asked = new ArrayList<Disposable>();
        for (int i = 0; i < Lanes.MOST_WAITING + 4; i++) {
            asked.add(world.volumes.mount("db", Optional.of("m" + i)).subscribe(_ -> {}, failures::add));
        }
        VolumeWorld.await(() -> failures.size() >= 3);
        assertThat(failures).filteredOn(VolumesUnavailableException.class::isInstance).hasSize(3);
        asked.forEach(Disposable::dispose);
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).volumes()).hasSize(1);
    }

    @Test
    void doesWhatIsAskedOfOneVolumeInOrder() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        var goOn = new CountDownLatch(1);
        driver.on("Mount", after(goOn, driver.working("Mount")));
        Mono<MountedVolume> first = world.volumes.mount("db", Optional.of("a")).cache();
        first.subscribe();
        Mono<Boolean> second = world.volumes.unmount("db", "a").thenReturn(true).cache();
        second.subscribe();
        goOn.countDown();
        VolumeWorld.some(second);
        assertThat(driver.mounted("db")).isEmpty();
        assertThat(world.labels("vol")).containsExactly("volume db");
    }

    @Test
    void takesAMountBackThatNobodyWaitsForAnyMore() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        var goOn = new CountDownLatch(1);
        driver.on("Mount", after(goOn, driver.working("Mount")));
        Disposable asked = world.volumes.mount("db", Optional.of("a")).subscribe();
        VolumeWorld.await(() -> driver.times("Mount") == 1);
        asked.dispose();
        goOn.countDown();
        VolumeWorld.await(() -> driver.times("Unmount") == 1);
        VolumeWorld.await(() -> world.labels("vol").equals(List.of("volume db")));
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).mounts()).isEmpty();
        assertThat(driver.mounted("db")).isEmpty();
        assertThat(world.told()).as("nobody was told that it was there").containsExactly("volume_create db");
    }

    @Test
    void unmountsWhatWasLeavingBeforeItIsMountedAgain() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        driver.on("Unmount", Behaviour.hang());
        assertThat(VolumeWorld.failure(world.volumes.unmount("db", "a")))
                .isInstanceOf(PluginCallException.TimedOut.class);
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                .isInstanceOf(PluginCallException.TimedOut.class);
        assertThat(world.json()).contains("\"LEAVING\"", "\"mountpoint\":\"/data/db\"");
        assertThat(driver.times("Mount")).isEqualTo(1);
        driver.works("Unmount");
        world.mount("db", "a");
        assertThat(driver.counted("db")).isEqualTo(1);
        assertThat(world.labels("vol")).containsExactly("volume db", "volume db mount a");
    }

    @Test
    void takesAMountBackThatWasMadeAndCannotBeFound() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        driver.on("Mount", driver.mounting("")).on("Path", Behaviour.json("{\"Err\":\"not now\"}"));
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                .isInstanceOf(PluginCallException.Refused.class);
        assertThat(driver.counted("db")).isZero();
        assertThat(driver.mounted("db")).isEmpty();
        assertThat(world.labels("vol")).containsExactly("volume db");
    }

    @Test
    void manyUnmountsThatHangDoNotKeepTheDriverFromOthers() {
        ScriptedDriver driver = world.driver("vol");
        world.create("fine", "vol");
        for (int i = 0; i < 12; i++) {
            world.create("hung" + i, "vol");
            world.mount("hung" + i, "a");
        }
        driver.on("Unmount", Behaviour.hang());
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 12; i++) {
            world.volumes.unmount("hung" + i, "a").subscribe(_ -> {}, failures::add);
        }
        VolumeWorld.await(() -> failures.size() == 12);
        assertThat(failures).hasOnlyElementsOfType(PluginCallException.TimedOut.class);
        assertThat(world.mount("fine", "a").path()).isDirectory();
    }

    @Test
    void finishesWhatItsCallerLeftInTheMiddleOfMakingAVolume() {
        ScriptedDriver driver = world.driver("vol");
        var goOn = new CountDownLatch(1);
        driver.on("Create", after(goOn, driver.working("Create")));
        Disposable asked = world.volumes.create(new VolumeRequest("db", "vol", Map.of(), Map.of()))
                .subscribe();
        VolumeWorld.await(() -> driver.times("Create") == 1);
        asked.dispose();
        goOn.countDown();
        VolumeWorld.await(() -> driver.volumes().contains("db")
                && world.told().contains("volume_create db"));
        assertThat(world.json()).contains("\"db\"");
        assertThat(world.labels("vol")).containsExactly("volume db");
    }

    @Test
    void leavesNothingOfAVolumeThatCouldNotBeMade() {
        ScriptedDriver driver = world.driver("vol");
        driver.on("Create", Behaviour.hang());
        assertThat(VolumeWorld.failure(world.volumes.create(
                new VolumeRequest("db", "vol", Map.of(), Map.of()))))
                .isInstanceOf(PluginCallException.TimedOut.class);
        assertThat(world.labels("vol")).isEmpty();
        assertThat(VolumeWorld.some(world.volumes.list(VolumeFilter.ALL)).volumes()).isEmpty();
    }
}
