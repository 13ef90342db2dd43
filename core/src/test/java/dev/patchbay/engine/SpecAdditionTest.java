package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.oci.InvalidSpecException;
import dev.patchbay.oci.SpecAddition;
import dev.patchbay.plugin.PluginId;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a host adds to the containers of plugins that can do something. */
class SpecAdditionTest {
    @Test
    void isMadeForPluginsThatCanDoWhatItIsForInItsOrder() {
        assertThat(started(config -> config
                .specAddition("VolumeDriver", SpecAddition.variable("A", "1"))
                .specAddition("docker.volumedriver/1.0", SpecAddition.variable("A", "2"))
                .specAddition("docker.volumedriver/1.1", SpecAddition.variable("B", "1"))
                .specAddition("metricscollector", SpecAddition.variable("C", "1"))))
                .contains("\"A=2\"")
                .doesNotContain("\"A=1\"", "\"B=1\"", "\"C=1\"");
    }

    @Test
    void isWhyAPluginDoesNotStartIfItFails() {
        assertThat(failed((_, _) -> {
            throw new IllegalStateException("out of sockets");
        })).contains("what this host adds for docker.volumedriver/1.0 failed", "out of sockets");
        assertThat(failed((_, _) -> {
            throw new InvalidSpecException("there is no socket for it");
        })).endsWith("there is no socket for it");
    }

    private static String started(Consumer<EngineConfig.Builder> config) {
        try (var world = new EngineWorld(config, _ -> {})) {
            PluginId id = world.enabled("echo");
            return world.executor.starts()
                    .stream()
                    .filter(request -> request.plugin().equals(id))
                    .toList()
                    .getLast()
                    .spec();
        }
    }

    private static String failed(SpecAddition addition) {
        try (var world = new EngineWorld(config -> config.specAddition("volumedriver", addition), _ -> {})) {
            world.create("echo");
            return String.valueOf(
                    world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).error().getMessage());
        }
    }
}
