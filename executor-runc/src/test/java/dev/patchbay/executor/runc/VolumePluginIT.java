package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patchbay.Force;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginClient;
import dev.patchbay.PluginConflictException;
import dev.patchbay.client.ClientOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** A volume driver in a real container, used by Docker's volume protocol. */
@Tag("runtime")
@Timeout(120)
class VolumePluginIT {
    private static final String CAPABILITY = "VolumeDriver";

    /** Of a volume. */
    record Named(String name) {}

    record Mounted(String mountpoint) {}

    record Listed(List<Named> volumes) {}

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @Test
    @DisplayName("D58: what a plugin mounts below its propagated mount is found on the host")
    void whatItWritesIntoAVolumeIsFoundOnTheHostD58() throws Exception {
        try (var world = new TrialWorld(ClientOptions.DEFAULT)) {
            world.enable("vol");
            Path volume = Objects.requireNonNull(world.plugins
                    .use("vol", CAPABILITY, "volume db", use -> mount(use.client(), "db"))
                    .flatMap(mounted -> world.plugins.onHost("vol", mounted.mountpoint()), 1)
                    .blockLast(TrialWorld.PATIENCE));
            assertThat(volume.resolve("hello")).hasContent("written by the plugin into db\n");
            Files.writeString(volume.resolve("from the host"), "hello");
            assertThat(volumes(world)).containsExactly("db");
            assertThatThrownBy(() -> world.plugins.onHost("vol", "/mnt/volumes/../../etc")
                    .block(TrialWorld.PATIENCE)).isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("has no \"..\" in it");

            world.plugins.use("vol", CAPABILITY, "volume db",
                    use -> call(use.client(), "Unmount", "db").then(call(use.client(), "Remove", "db")))
                    .blockLast(TrialWorld.PATIENCE);
            assertThat(volume).doesNotExist();
            assertThat(volumes(world)).isEmpty();
            assertThatThrownBy(() -> world.plugins
                    .use("vol", CAPABILITY, "x", use -> call(use.client(), "Unmount", "db"))
                    .blockLast(TrialWorld.PATIENCE))
                    .isInstanceOf(PluginCallException.Refused.class)
                    .hasMessage("plugin vol:latest refuses VolumeDriver.Unmount: no such volume");
        }
    }

    @Test
    void isNotStoppedWhileAVolumeIsInUse() throws Exception {
        try (var world = new TrialWorld(ClientOptions.DEFAULT)) {
            world.enable("vol");
            world.plugins.use("vol", CAPABILITY, "volume db", use -> mount(use.client(), "db")
                    .then(Mono.defer(() -> world.plugins.disable("vol", Force.NO)))
                    .then(Mono.<Void>error(() -> new AssertionError("it was disabled")))
                    .onErrorResume(PluginConflictException.class, refused -> {
                        assertThat(refused).hasMessage("plugin vol:latest is in use by: volume db");
                        return call(use.client(), "Unmount", "db");
                    })).blockLast(TrialWorld.PATIENCE);
            world.plugins.disable("vol", Force.NO).block(TrialWorld.PATIENCE);
        }
    }

    private static Mono<Mounted> mount(PluginClient client, String name) {
        return call(client, "Create", name).then(client.call(
                PluginCall.of("VolumeDriver.Mount", Mounted.class).body(new Named(name))));
    }

    private static Mono<Void> call(PluginClient client, String what, String name) {
        return client.call(PluginCall.of("VolumeDriver." + what).body(new Named(name)));
    }

    private static List<String> volumes(TrialWorld world) {
        Listed listed = Objects.requireNonNull(world.lookUp("vol")
                .client()
                .call(PluginCall.of("VolumeDriver.List", Listed.class))
                .block(TrialWorld.PATIENCE));
        return listed.volumes().stream().map(Named::name).toList();
    }
}
