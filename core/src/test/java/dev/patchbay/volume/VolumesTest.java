package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.Plugins;
import dev.patchbay.VolumeConflictException;
import dev.patchbay.VolumeNotFoundException;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.volume.VolumeMount.State;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Volumes are made, found, mounted and removed. */
@Timeout(120)
class VolumesTest {
    private final VolumeWorld world = new VolumeWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void makesAVolumeThatHoldsItsPluginUntilItIsRemoved() {
        ScriptedDriver driver = world.driver("vol");
        VolumeView made = VolumeWorld.some(world.volumes.create(
                new VolumeRequest("db", "vol", Map.of("size", "1"), Map.of("team", "a"))));
        assertThat(made.name()).isEqualTo("db");
        assertThat(made.driver()).isEqualTo("vol:latest");
        assertThat(made.scope()).isEqualTo("global");
        assertThat(made.options()).containsExactly(Map.entry("size", "1"));
        assertThat(made.labels()).containsExactly(Map.entry("team", "a"));
        assertThat(made.createdAt()).contains(Instant.parse("2026-01-02T01:04:05Z"));
        assertThat(made.status()).containsExactlyInAnyOrderEntriesOf(Map.of("size", "7", "of", "[\"a\"]"));
        assertThat(made.problem()).isEmpty();
        assertThat(driver.plugin.received("VolumeDriver.Create").getFirst().text())
                .isEqualToIgnoringWhitespace("{\"Name\":\"db\",\"Opts\":{\"size\":\"1\"}}");
        assertThat(world.labels("vol")).containsExactly("volume db");
        assertThat(VolumeWorld.failure(world.plugins.disable("vol", Force.NO)))
                .isInstanceOf(PluginConflictException.class)
                .hasMessage("plugin vol:latest is in use by: volume db");

        VolumeWorld.done(world.volumes.remove("db", Force.NO));
        assertThat(driver.volumes()).isEmpty();
        assertThat(world.labels("vol")).isEmpty();
        assertThat(VolumeWorld.failure(world.volumes.inspect("db")))
                .isInstanceOf(VolumeNotFoundException.class)
                .hasMessage("get db: no such volume");
        assertThat(world.told()).containsExactly("volume_create db", "volume_destroy db");
    }

    @Test
    void findsAVolumeOfThatNameOnlyWithTheSameDriver() {
        ScriptedDriver one = world.driver("one");
        world.driver("two");
        world.create("db", "one");
        assertThat(world.create("db", "one:latest").driver()).isEqualTo("one:latest");
        assertThat(world.create("db", "").driver()).isEqualTo("one:latest");
        assertThat(one.times("Create")).isEqualTo(1);
        assertThat(VolumeWorld.failure(world.volumes.create(
                new VolumeRequest("db", "two", Map.of(), Map.of()))))
                .isInstanceOf(VolumeConflictException.class)
                .hasMessage(
                        "create db: driver 'one:latest' already has volume 'db': volume name must be unique");
        assertThat(world.labels("two")).isEmpty();
    }

    @Test
    void saysWhatToDoIfThereIsNoDriver() {
        world.driver("vol");
        for (String none : List.of("", "local")) {
            assertThat(VolumeWorld.failure(world.volumes.create(
                    new VolumeRequest("db", none, Map.of(), Map.of()))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("docker volume create -d PLUGIN db");
        }
        assertThat(VolumeWorld.failure(world.volumes.create(
                new VolumeRequest("db", "nosuch", Map.of(), Map.of()))))
                .isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void makesUpANameAndPrunesThoseAloneUnlessAllAreMeant() {
        ScriptedDriver driver = world.driver("vol");
        VolumeView anonymous = world.create("", "vol");
        assertThat(anonymous.name()).matches("[0-9a-f]{64}");
        world.create("chosen", "vol");
        world.create("used", "vol");
        world.mount("used", "a");
        driver.has("others");
        assertThat(VolumeWorld.some(world.volumes.prune(VolumeFilter.ALL, false)).removed())
                .containsExactly(anonymous.name());
        assertThat(VolumeWorld.some(world.volumes.prune(VolumeFilter.ALL, true)).removed())
                .containsExactly("chosen");
        assertThat(driver.volumes()).containsExactlyInAnyOrder("used", "others");
        assertThat(world.told()).contains("volume_prune");
    }

    @Test
    void listsWhatIsRememberedAndWhatDriversHaveBesides() {
        world.driver("one").has("found");
        world.driver("two").has("found");
        world.create("made", "one");
        VolumeList all = VolumeWorld.some(world.volumes.list(VolumeFilter.ALL));
        assertThat(all.warnings()).isEmpty();
        assertThat(all.volumes()).extracting(view -> view.name() + " " + view.driver())
                .containsExactly("found one:latest", "found two:latest", "made one:latest");
        world.mount("made", "a");
        var unused = new VolumeFilter(List.of(), List.of("one"), List.of(), List.of(), Optional.of(true));
        assertThat(VolumeWorld.some(world.volumes.list(unused)).volumes()).extracting(VolumeView::name)
                .containsExactly("found");
    }

    @Test
    void findsAndRemembersAVolumeThatOnlyItsDriverKnows() {
        ScriptedDriver driver = world.driver("vol");
        world.driver("another");
        driver.has("old");
        assertThat(VolumeWorld.some(world.volumes.inspect("old")).driver()).isEqualTo("vol:latest");
        assertThat(world.labels("vol")).isEmpty();
        world.mount("old", "a");
        assertThat(world.labels("vol")).containsExactly("volume old", "volume old mount a");
        VolumeWorld.done(world.volumes.unmount("old", "a"));
        VolumeWorld.done(world.volumes.remove("old", Force.NO));
        driver.has("older");
        VolumeWorld.done(world.volumes.remove("older", Force.NO));
        assertThat(driver.volumes()).isEmpty();
    }

    @Test
    void takesOverAVolumeThatTheDriverRefusesToMakeTwice() {
        ScriptedDriver driver = world.driver("vol");
        driver.has("db");
        driver.on("Create", Behaviour.json("{\"Err\":\"volume already exists\"}"));
        assertThat(world.create("db", "vol").name()).isEqualTo("db");
        assertThat(world.labels("vol")).containsExactly("volume db");
        assertThat(VolumeWorld.failure(world.volumes.create(
                new VolumeRequest("new", "vol", Map.of(), Map.of()))))
                .hasMessage("plugin vol:latest refuses VolumeDriver.Create: volume already exists");
        assertThat(world.labels("vol")).containsExactly("volume db");
    }

    @Test
    void mountsOncePerIdAndHoldsThePluginForEach() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        MountedVolume mounted = world.mount("db", "a");
        assertThat(mounted).isEqualTo(new MountedVolume("db", "vol:latest", "a", driver.host("db")));
        assertThat(mounted.path()).isDirectory();
        assertThat(world.mount("db", "a")).isEqualTo(mounted);
        assertThat(driver.times("Mount")).isEqualTo(1);
        world.mount("db", "b");
        assertThat(driver.mounted("db")).containsExactlyInAnyOrder("a", "b");
        assertThat(world.labels("vol")).containsExactly("volume db", "volume db mount a",
                "volume db mount b");
        assertThat(VolumeWorld.some(world.volumes.inspect("db")).mounts())
                .extracting(VolumeMount::id, VolumeMount::state)
                .containsExactly(tuple("a", State.MOUNTED),
                        tuple("b", State.MOUNTED));
        for (Force force : Force.values()) {
            assertThat(VolumeWorld.failure(world.volumes.remove("db", force)))
                    .isInstanceOf(VolumeConflictException.class)
                    .hasMessage("remove db: volume is in use - [a, b]");
        }
        VolumeWorld.done(world.volumes.unmount("db", "a"));
        VolumeWorld.done(world.volumes.unmount("db", "a"));
        assertThat(driver.mounted("db")).containsExactly("b");
        assertThat(driver.times("Unmount")).isEqualTo(1);
        VolumeWorld.done(world.volumes.unmount("db", "b"));
        assertThat(world.labels("vol")).containsExactly("volume db");
        assertThat(world.told()).contains("volume_mount db a asked", "volume_unmount db b asked");
    }

    @Test
    void mountsAVolumeSoOftenAndNoMore() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        for (int i = 0; i < Mounting.MOST_MOUNTS; i++) {
            world.mount("db", "m" + i);
        }
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("one-more"))))
                .isInstanceOf(VolumeConflictException.class)
                .hasMessage("volume db is mounted 256 times already; unmount some that are not needed");
        assertThat(driver.mounted("db")).hasSize(256).doesNotContain("one-more");
        assertThat(world.labels("vol")).hasSize(257).doesNotContain("volume db mount one-more");
        assertThat(world.mount("db", "m0").id()).as("there already").isEqualTo("m0");
    }

    @Test
    void makesUpAnIdForWhoeverHasNone() {
        world.driver("vol");
        world.create("db", "vol");
        MountedVolume one = VolumeWorld.some(world.volumes.mount("db", Optional.empty()));
        MountedVolume two = VolumeWorld.some(world.volumes.mount("db", Optional.empty()));
        assertThat(one.id()).isNotEqualTo(two.id());
        VolumeWorld.done(world.volumes.unmount("db", one.id()));
        VolumeWorld.done(world.volumes.unmount("db", two.id()));
    }

    @Test
    void asksForThePathIfMountDoesNotSayIt() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.mount("db", "a");
        driver.on("Mount", Behaviour.json("{}"))
                .on("Path", Behaviour.json("{\"Mountpoint\":\"/data/db\"}"));
        assertThat(world.mount("db", "b").path()).isEqualTo(driver.host("db"));
    }

    @Test
    void removesByForceWhatItsDriverKeeps() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        driver.on("Remove", Behaviour.json("{\"Err\":\"not today\"}"));
        assertThat(VolumeWorld.failure(world.volumes.remove("db", Force.NO)))
                .hasMessage("plugin vol:latest refuses VolumeDriver.Remove: not today");
        assertThat(world.labels("vol")).containsExactly("volume db");
        VolumeWorld.done(world.volumes.remove("db", Force.YES));
        assertThat(world.labels("vol")).isEmpty();
        driver.works("Remove");
        VolumeWorld.done(world.volumes.remove("db", Force.NO)); // found with its driver again
        VolumeWorld.done(world.volumes.remove("db", Force.YES));
        assertThat(VolumeWorld.failure(world.volumes.remove("db", Force.NO)))
                .isInstanceOf(VolumeNotFoundException.class);
    }

    @Test
    void aVolumeThatItsDriverMayStillHaveIsNotRemoved() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        Behaviour away = Behaviour.json("{\"Err\":\"the disks are away\"}");
        driver.on("Remove", away).on("Get", away);
        assertThat(VolumeWorld.failure(world.volumes.remove("db", Force.NO)))
                .hasMessage("plugin vol:latest refuses VolumeDriver.Remove: the disks are away");
        driver.on("List", away);
        assertThat(VolumeWorld.failure(world.volumes.remove("db", Force.NO)))
                .hasMessage("plugin vol:latest refuses VolumeDriver.Remove: the disks are away");
        assertThat(VolumeWorld.some(world.volumes.prune(VolumeFilter.ALL, true)).removed()).isEmpty();
        assertThat(world.labels("vol")).containsExactly("volume db");
        driver.works("List").loses("db");
        VolumeWorld.done(world.volumes.remove("db", Force.NO));
        assertThat(world.labels("vol")).isEmpty();
    }

    @Test
    void closingEndsWhoeverStillWaits() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        world.create("other", "vol");
        driver.on("List", Behaviour.hang())
                .on("Get", Behaviour.hang())
                .on("Mount", Behaviour.hang())
                .on("Remove", Behaviour.hang());
        List<Mono<?>> all = List.of(world.volumes.list(VolumeFilter.ALL), world.volumes.inspect("db"),
                world.volumes.mount("db", Optional.empty()), world.volumes.mount("db", Optional.of("b")),
                world.volumes.create(new VolumeRequest("", "vol", Map.of(), Map.of())),
                // Last: once db is about to be mounted it is not in its way.
                world.volumes.prune(VolumeFilter.ALL, true)
                        .delaySubscription(Mono.fromRunnable(() -> VolumeWorld
                                .await(() -> driver.times("Mount") == 1))
                                .subscribeOn(Schedulers.boundedElastic())));
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        all.forEach(each -> each.subscribe(_ -> {}, failures::add));
        VolumeWorld.await(() -> driver.times("Mount") == 1 && driver.times("Remove") >= 1
                && driver.times("Create") == 3 && driver.times("List") >= 1);
        VolumeWorld.done(world.volumes.close());
        VolumeWorld.await(() -> failures.size() == all.size());
        assertThat(failures).hasOnlyElementsOfType(EngineClosedException.class);
        assertThat(VolumeWorld.failure(world.volumes.inspect("db")))
                .isInstanceOf(EngineClosedException.class);
    }

    /** Who is answered at once, and by whoever closes, is answered before anything else is closed. */
    @Test
    void aPruningThatIsCutOffByTheClosingIsNotOneWhoseVolumesCouldNotBeRemoved() {
        ScriptedDriver driver = world.driver("vol");
        world.create("db", "vol");
        driver.on("Remove", Behaviour.hang());
        VolumeWorld.done(world.volumes.close());
        VolumeThreads usual = VolumeThreads.start();
        world.volumes = OpenVolumes.of(tellingAtOnce(world.plugins), world.config(),
                new VolumeThreads(usual.state(), Schedulers.immediate(), usual.file(), usual.looks(),
                        usual.clock()));
        var pruned = world.volumes.prune(VolumeFilter.ALL, true).toFuture();
        VolumeWorld.await(() -> driver.times("Remove") == 1);
        VolumeWorld.done(world.volumes.close());
        usual.replies().dispose();
        assertThat(pruned).isCompletedExceptionally();
        assertThatThrownBy(pruned::join).hasCauseInstanceOf(EngineClosedException.class);
    }

    /** The same engine; an event is told before whoever tells it goes on. */
    private static Plugins tellingAtOnce(Plugins engine) {
        return (Plugins) Proxy.newProxyInstance(VolumesTest.class.getClassLoader(),
                new Class<?>[]{Plugins.class},
                (_, method, arguments) -> {
                    Object answer = method.invoke(engine, arguments);
                    return method.getName().equals("note") && answer instanceof Mono<?> told
                            ? Mono.fromRunnable(() -> told.block(VolumeWorld.PATIENCE))
                            : answer;
                });
    }

    @Test
    void refusesNamesAndIdsThatLeadElsewhere() {
        world.driver("vol");
        for (String bad : List.of("a", "../db", "a/b", ".db", "-db", "d\nb", "x".repeat(256))) {
            assertThat(VolumeWorld.failure(world.volumes.inspect(bad)))
                    .as(bad)
                    .isInstanceOf(VolumeNotFoundException.class);
            assertThat(VolumeWorld.failure(world.volumes.remove(bad, Force.NO)))
                    .isInstanceOf(InvalidRequestException.class);
        }
        for (String bad : List.of("", "a/b", "../a", "a b", "x".repeat(129))) {
            assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of(bad))))
                    .as(bad)
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void hasNoMountForAPluginWithoutAPropagatedMount() {
        world.driver("vol", PluginContexts.CONFIG);
        world.create("db", "vol");
        assertThat(VolumeWorld.failure(world.volumes.mount("db", Optional.of("a"))))
                .isInstanceOf(PluginConflictException.class)
                .hasMessageContaining("has no propagated mount");
        assertThat(world.labels("vol")).containsExactly("volume db");
    }

    @Test
    void longNamesHoldTheirPluginToo() {
        world.driver("vol");
        String name = "n".repeat(255);
        world.create(name, "vol");
        world.mount(name, "i".repeat(128));
        assertThat(world.labels("vol")).hasSize(2).allMatch(label -> label.length() == 128);
        VolumeWorld.done(world.volumes.unmount(name, "i".repeat(128)));
        VolumeWorld.done(world.volumes.remove(name, Force.NO));
        assertThat(world.labels("vol")).isEmpty();
    }
}
