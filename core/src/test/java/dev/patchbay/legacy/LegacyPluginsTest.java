package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.use.Holder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** What is found in real folders, by a real watch, and asked over real sockets. */
class LegacyPluginsTest {
    private final LegacyWorld world;

    LegacyPluginsTest() throws IOException {
        world = new LegacyWorld();
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private Path sockets() {
        return world.folders.sockets();
    }

    @Test
    void findsWhatIsThereAndAsksItOnceWhatItImplements() throws Exception {
        var plugin = world.plugin(sockets().resolve("one.sock"), "VolumeDriver")
                .on("VolumeDriver.List", Behaviour.json("{}"));
        world.begun();

        var found = world.awaitActive("one");
        assertThat(found.address()).contains(new PluginAddress.Unix(plugin.socket()));
        assertThat(found.state()).isEqualTo(new State.Active(Set.of("VolumeDriver")));
        PluginUse use = world.lookUp("one");
        assertThat(use.plugin()).isEmpty();
        use.client().call(PluginCall.of("VolumeDriver.List")).block(LegacyWorld.PATIENCE);
        use.client().implementing("volumedriver").block(LegacyWorld.PATIENCE);
        assertThat(plugin.received("Plugin.Activate")).hasSize(1);
        assertThat(plugin.received("VolumeDriver.List")).hasSize(1);
        assertThat(world.legacy.notices()).isEmpty();
    }

    @Test
    void findsWhatComesInFoldersThatCameLater() throws Exception {
        world.begun();
        assertThatThrownBy(() -> world.lookUp("one")).isInstanceOf(PluginNotFoundException.class);

        world.plugin(sockets().resolve("one.sock"), "VolumeDriver");
        LegacyWorld.write(world.lib().resolve("two/two.spec"), "unix://" + sockets().resolve("one.sock"));
        world.awaitActive("one");
        world.awaitActive("two");
        assertThat(world.legacy.providing(LegacyWorld.VOLUMES)).extracting("name")
                .containsExactly("one", "two");
    }

    @Test
    void noticesThatAFolderVanishesAndComesBackAsAnother() throws Exception {
        world.plugin(sockets().resolve("one.sock"), "VolumeDriver");
        LegacyWorld.write(world.etc().resolve("two.spec"), "unix://" + sockets().resolve("one.sock"));
        world.begun();
        world.awaitActive("two");

        Path away = Files.move(world.root.resolve("etc"), world.root.resolve("away"));
        world.await(() -> world.find("two").isEmpty());
        // What happens in the folder that was there means nothing any more; what happens in the new one does.
        LegacyWorld.write(away.resolve("d/p/three.spec"), "unix:///x");
        Files.createDirectories(world.etc());
        LegacyWorld.write(world.etc().resolve("four.spec"), "unix://" + sockets().resolve("one.sock"));
        world.awaitActive("four");
        assertThat(world.legacy.all()).extracting("name").containsExactly("four", "one");
    }

    @Test
    void findsASocketInASubfolderThatWasThereBefore() throws Exception {
        Files.createDirectories(sockets().resolve("one"));
        Files.createDirectories(sockets().resolve("other"));
        world.begun();
        assertThatThrownBy(() -> world.lookUp("one")).isInstanceOf(PluginNotFoundException.class);

        world.plugin(sockets().resolve("other/one.sock"), "VolumeDriver"); // not by this name
        world.plugin(sockets().resolve("one/one.sock"), "VolumeDriver");
        world.awaitActive("one");
        assertThat(world.legacy.all()).hasSize(1);
    }

    @Test
    void leavesFoldersOfManagedPluginsAlone() throws Exception {
        String id = "a".repeat(64);
        LegacyWorld.write(world.etc().resolve(id).resolve(id + ".spec"), "unix:///x");
        world.begun();
        assertThatThrownBy(() -> world.lookUp(id)).isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void prefersSocketsToDescriptionsAndEarlierFoldersToLaterOnes() throws Exception {
        var socket = world.plugin(sockets().resolve("one.sock"), "VolumeDriver");
        var other = world.plugin(world.root.resolve("other"), "VolumeDriver");
        LegacyWorld.write(world.etc().resolve("one.spec"), "unix://" + other.socket());
        LegacyWorld.write(world.lib().resolve("one.json"), "garbage");
        world.begun();
        world.awaitActive("one");
        assertThat(world.legacy.notices()).as("what does not count is not complained of").isEmpty();

        socket.close();
        var next = world.await("one", plugin -> plugin.file().startsWith(world.etc()));
        assertThat(next.address()).contains(new PluginAddress.Unix(other.socket()));
        Files.delete(next.file());
        var last = world.await("one", plugin -> plugin.state() instanceof State.Unusable);
        assertThat(last.address()).isEmpty();
        assertThat(last.lastError().orElseThrow()).startsWith(last.file() + " is not the JSON");
    }

    @Test
    void hasAClientForEachStartOfAPlugin() throws Exception {
        var first = world.plugin(sockets().resolve("one.sock"), "VolumeDriver")
                .on("VolumeDriver.List", Behaviour.hang());
        world.begun();
        world.awaitActive("one");
        PluginUse before = world.lookUp("one");
        var call = before.client().call(PluginCall.of("VolumeDriver.List")).toFuture();

        first.close();
        world.await(() -> world.find("one").isEmpty());
        assertThatThrownBy(call::get).hasCauseInstanceOf(PluginCallException.class);
        world.plugin(sockets().resolve("one.sock"), "VolumeDriver")
                .on("VolumeDriver.List", Behaviour.json("{}"));
        world.awaitActive("one");
        PluginUse after = world.lookUp("one");
        assertThat(after.generation()).isGreaterThan(before.generation());
        after.client().call(PluginCall.of("VolumeDriver.List")).block(LegacyWorld.PATIENCE);
        assertThatThrownBy(() -> before.client().call(PluginCall.of("VolumeDriver.List")).block())
                .isInstanceOf(PluginCallException.Ended.class);
    }

    @Test
    void followsLinksAndNoticesThatTheirTargetsChange() throws Exception {
        var one = world.plugin(world.root.resolve("s1"), "VolumeDriver");
        var two = world.plugin(world.root.resolve("s2"), "VolumeDriver");
        Path target = LegacyWorld.write(world.root.resolve("elsewhere/x"), "unix://" + one.socket());
        Files.createDirectories(world.etc());
        Files.createSymbolicLink(world.etc().resolve("linked.spec"), target);
        Files.createSymbolicLink(world.etc().resolve("dangling.spec"), world.root.resolve("nothing"));
        Files.createDirectories(sockets());
        Files.createSymbolicLink(sockets().resolve("direct.sock"), one.socket());
        world.begun();
        world.awaitActive("linked");
        world.awaitActive("direct");
        assertThat(world.find("dangling")).isEmpty();

        Files.writeString(target, "unix://" + two.socket());
        world.await("linked",
                plugin -> plugin.address().equals(Optional.of(new PluginAddress.Unix(two.socket()))));
    }

    @Test
    void tellsOnceOfFilesThatMakeNoSenseAndHangsOnNone() throws Exception {
        Files.createDirectories(world.etc());
        Files.createDirectories(sockets());
        fifo(world.etc().resolve("fifo.spec"));
        fifo(sockets().resolve("fifo.sock"));
        Files.createSymbolicLink(world.etc().resolve("endless.json"), Path.of("/dev/zero"));
        try (var huge = new RandomAccessFile(world.etc().resolve("huge.json").toFile(), "rw")) {
            huge.setLength(1L << 32);
        }
        Files.writeString(world.etc().resolve("garbage.spec"), "\u001b[2Jnonsense");
        Files.writeString(world.etc().resolve("bad\nname.spec"), "unix:///x");
        Files.writeString(sockets().resolve("file.sock"), "");
        Files.writeString(world.etc().resolve("readme.txt"), "not about plugins");
        world.plugin(sockets().resolve("good.sock"), "VolumeDriver");

        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var logger = (Logger) LoggerFactory.getLogger(LegacyPlugins.class);
        logger.addAppender(log);
        try {
            world.begun();
            world.awaitActive("good");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> world.lookUp("nobody")).isInstanceOf(PluginNotFoundException.class);
            }
        } finally {
            logger.detachAppender(log);
        }
        assertThat(world.legacy.notices()).hasSize(7)
                .allSatisfy(notice -> assertThat(notice)
                        .doesNotContain("\n", "\u001b"));
        assertThat(String.join("\n", world.legacy.notices())).contains("fifo.spec is no file",
                "fifo.sock is no socket", "endless.json is no file", "huge.json is larger than 65536 bytes",
                "Unknown protocol", "names no plugin", "file.sock is no socket");
        assertThat(List.copyOf(log.list)).extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(world.legacy.notices()::contains)
                .hasSize(7);
        assertThatThrownBy(() -> world.lookUp("garbage")).isInstanceOf(PluginUnavailableException.class)
                .hasMessageContaining("garbage.spec");
        assertThatThrownBy(() -> world.lookUp("file")).isInstanceOf(PluginNotFoundException.class);

        Files.writeString(world.etc().resolve("garbage.spec"), "unix://" + sockets().resolve("good.sock"));
        world.awaitActive("garbage");
        assertThat(world.legacy.notices()).hasSize(6);
    }

    private static void fifo(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    }

    @Test
    void asksAPluginThatFailsOnceMoreWhenSomebodyWantsToUseIt() throws Exception {
        var plugin = world.plugin(sockets().resolve("one.sock"), "VolumeDriver")
                .on("Plugin.Activate", Behaviour.close());
        world.begun();
        world.await("one", it -> it.state() instanceof State.Failing);
        assertThat(plugin.received("Plugin.Activate")).as("with the pauses of a call that is repeatable")
                .hasSizeGreaterThan(2);
        assertThat(world.legacy.notices()).singleElement().asString().contains("one", "Plugin.Activate");
        assertThat(world.legacy.providing(LegacyWorld.VOLUMES)).isEmpty();

        int before = plugin.received("Plugin.Activate").size();
        assertThatThrownBy(() -> world.lookUp("one")).isInstanceOf(PluginUnavailableException.class);
        assertThat(plugin.received("Plugin.Activate")).as("one question, no pauses").hasSize(before + 1);

        plugin.on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"VolumeDriver\"]}"));
        assertThat(world.lookUp("one").name()).isEqualTo("one");
        world.awaitActive("one");
        assertThat(world.legacy.notices()).isEmpty();
    }

    @Test
    @DisplayName("D72: a name that nobody has is not found at once; one that somebody has got this moment is")
    void doesNotWaitForNamesThatNobodyHasD72() throws Exception {
        world.begun();
        // Were there pauses, their timers would never fire: time does not pass for this one.
        var time = reactor.test.scheduler.VirtualTimeScheduler.create();
        var replies = reactor.core.scheduler.Schedulers.immediate();
        var looks = reactor.core.scheduler.Schedulers.immediate();
        var timeless = new LegacyPlugins(Optional.of(world.folders),
                new LegacyPlugins.Outside(looks, time, replies, _ -> Optional.empty()));
        assertThatThrownBy(() -> timeless.lookUp("nobody", LegacyWorld.VOLUMES).block(LegacyWorld.PATIENCE))
                .isInstanceOf(PluginNotFoundException.class)
                .hasMessage("plugin \"nobody\" not found");
        timeless.close().block(LegacyWorld.PATIENCE);
        time.dispose();

        world.plugin(sockets().resolve("one.sock"), "VolumeDriver");
        assertThat(world.lookUp("one").name()).isEqualTo("one");
    }

    @Test
    void saysThatItLacksACapabilityInDockersWords() throws Exception {
        world.plugin(sockets().resolve("one.sock"), "NetworkDriver");
        world.begun();
        assertThatThrownBy(() -> world.lookUp("one")).isInstanceOf(PluginConflictException.class)
                .hasMessageContaining("does not implement the requested driver: plugin=\"one\", "
                        + "requested implementation=\"volumedriver\"");
    }

    @Test
    void countsWhoUsesItAndForgetsThemWhenItGoes() throws Exception {
        var plugin = world.plugin(sockets().resolve("one.sock"), "VolumeDriver");
        world.begun();
        var holder = Holder.passing("h", "volume db");
        for (int i = 0; i < 2; i++) {
            world.legacy.acquire("one", LegacyWorld.VOLUMES, holder).block(LegacyWorld.PATIENCE);
        }
        assertThat(world.find("one").orElseThrow().inUseBy().stream()).containsExactly(holder);
        world.legacy.release("one", "h");
        world.legacy.release("one", "h");
        assertThat(world.find("one").orElseThrow().inUseBy().isEmpty()).isTrue();

        world.legacy.acquire("one", LegacyWorld.VOLUMES, holder).block(LegacyWorld.PATIENCE);
        plugin.close();
        world.await(() -> world.find("one").isEmpty());
        world.legacy.letGo("one", "h");
        assertThatThrownBy(() -> world.legacy.release("one", "h"))
                .isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void tellsThatItChangesUntilItIsClosed() throws Exception {
        world.begun();
        var told = world.legacy.changes().collectList().toFuture();
        world.plugin(sockets().resolve("one.sock"), "VolumeDriver");
        world.awaitActive("one");
        world.legacy.close().block(LegacyWorld.PATIENCE);
        assertThat(told.get()).isNotEmpty();
        assertThat(world.legacy.all()).isEmpty();
        assertThat(Flux.from(world.legacy.changes()).collectList().block(LegacyWorld.PATIENCE)).isEmpty();
        assertThatThrownBy(() -> world.lookUp("one")).isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void looksOnceMoreAtWhatCouldNotBeUsed() throws Exception {
        Path file = LegacyWorld.write(world.etc().resolve("one.spec"), "nonsense");
        var time = reactor.test.scheduler.VirtualTimeScheduler.create(); // news of changes is not heard in it
        var here = reactor.core.scheduler.Schedulers.immediate();
        var timeless = new LegacyPlugins(Optional.of(world.folders),
                new LegacyPlugins.Outside(here, time, here, _ -> Optional.empty()));
        assertThatThrownBy(() -> timeless.lookUp("one", LegacyWorld.VOLUMES).block(LegacyWorld.PATIENCE))
                .hasMessageContaining("one.spec");
        Files.writeString(file, "unix:///run/one");
        var second = timeless.lookUp("one", LegacyWorld.VOLUMES).toFuture();
        time.advanceTimeBy(Finder.DISTANCE);
        assertThatThrownBy(second::get).hasMessageNotContaining("Unknown protocol");
        assertThat(timeless.all()).singleElement()
                .extracting("state")
                .isEqualTo(new State.Activating());
        timeless.close().block(LegacyWorld.PATIENCE);
        time.dispose();
    }
}
