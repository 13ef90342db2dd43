package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.PluginPresence;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.syscall.RequiresRoot;
import dev.patchbay.testing.HungFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One of the folders with legacy plugins is on a file system that hangs. */
@RequiresRoot
@Timeout(120)
class HungLegacyFolderTest {
    @TempDir
    private Path folder;

    private CallWorld world() {
        return new CallWorld(config -> config.legacyFolders(new LegacyFolders(folder.resolve("run"),
                List.of(folder.resolve("etc/docker"), folder.resolve("lib")))));
    }

    private HungFolder hung() throws IOException {
        return HungFolder.over(Files.createDirectories(folder.resolve("etc")));
    }

    private ScriptedPlugin plugin() throws IOException {
        Files.createDirectories(folder.resolve("run"));
        return ScriptedPlugin.at(folder.resolve("run/one.sock"))
                .on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"VolumeDriver\"]}"));
    }

    @Test
    void othersAreFoundAndHeardOf() throws Exception {
        try (var hung = hung(); var plugin = plugin()) {
            try (var world = world()) {
                assertThat(arrived(world)).isEqualTo("one");
                assertThat(hung.awaitVictim(CallWorld.PATIENCE.toSeconds())).isTrue();
                Files.createDirectories(folder.resolve("lib"));
                Files.writeString(folder.resolve("lib/two.spec"), "unix://" + plugin.socket());
                world.plugins.arrivals("volumedriver")
                        .filter(it -> it instanceof PluginPresence.Arrived(var provider)
                                && provider.name().equals("two"))
                        .blockFirst(CallWorld.PATIENCE);
                assertThat(world.plugins.legacyPlugins().map(LegacyPlugin::name).collectList().block())
                        .containsExactly("one", "two");
                assertThat(world.plugins.health().problems()).singleElement()
                        .asString()
                        .contains(folder + "/etc/docker, where", "has not answered");
            }
        }
    }

    private static String arrived(CallWorld world) {
        var first = world.plugins.arrivals("volumedriver").blockFirst(CallWorld.PATIENCE);
        return first instanceof PluginPresence.Arrived(var provider) ? provider.name() : "nobody";
    }

    @Test
    void theEngineClosesWhileItIsBeingLookedAt() throws Exception {
        try (var hung = hung()) {
            var world = world();
            assertThat(hung.awaitVictim(CallWorld.PATIENCE.toSeconds())).isTrue();
            world.close();
        }
    }
}
