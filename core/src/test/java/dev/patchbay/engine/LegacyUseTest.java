package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.LegacyPlugin;
import dev.patchbay.LegacyPlugin.State;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginUse;
import dev.patchbay.Provider;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.legacy.LegacyFolders;
import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.use.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Look-ups that end at plugins which nobody manages. */
class LegacyUseTest {
    private static final String VOLUMES = "volumedriver";

    @TempDir
    private Path folder;

    private final List<ScriptedPlugin> legacies = new ArrayList<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private CallWorld world = new CallWorld();

    private void begin() throws IOException {
        world.close();
        world = new CallWorld(config -> config.legacyFolders(
                new LegacyFolders(folder.resolve("run"), List.of(folder.resolve("etc")))));
    }

    @AfterEach
    void close() throws IOException {
        world.close();
        for (ScriptedPlugin plugin : legacies) {
            plugin.close();
        }
    }

    private ScriptedPlugin legacy(String name) throws IOException {
        Files.createDirectories(folder.resolve("run"));
        var plugin = ScriptedPlugin.at(folder.resolve("run").resolve(name + ".sock"))
                .on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"VolumeDriver\"]}"))
                .on("VolumeDriver.List", Behaviour.json("{\"Name\":\"" + name + "\"}"));
        legacies.add(plugin);
        return plugin;
    }

    /** An answer. */
    record Named(String name) {}

    private static Mono<String> list(PluginUse use) {
        return use.client().call(PluginCall.of("VolumeDriver.List", Named.class)).map(Named::name);
    }

    private void listen() {
        world.plugins.arrivals(VOLUMES)
                .map(presence -> switch (presence) {
                    case PluginPresence.Arrived(Provider plugin) -> "+" + plugin.name();
                    case PluginPresence.Departed(Provider plugin) -> "-" + plugin.name();
                })
                .subscribe(heard::add, e -> heard.add("failed: " + e), () -> heard.add("end"));
    }

    private void hears(String news) throws InterruptedException {
        assertThat(heard.poll(CallWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(news);
    }

    private PluginUse lookedUp(String name) {
        return world.plugins.lookUp(name, VOLUMES).blockOptional(CallWorld.PATIENCE).orElseThrow();
    }

    private List<String> providers() {
        return world.plugins.byCapability(VOLUMES)
                .map(Provider::name)
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    private LegacyPlugin shown(String name) {
        return world.plugins.legacyPlugins()
                .filter(plugin -> plugin.name().equals(name))
                .single()
                .blockOptional()
                .orElseThrow();
    }

    @Test
    void looksUpUsesAndCallsWhatNobodyManages() throws Exception {
        begin();
        legacy("old");
        assertThat(world.plugins.lookUp("old", VOLUMES)
                .flatMap(LegacyUseTest::list)
                .block(CallWorld.PATIENCE)).isEqualTo("old");

        var labels = world.plugins.use("old", VOLUMES, "volume db", use -> list(use)
                .flatMap(name -> world.plugins.legacyPlugins()
                        .map(plugin -> name + " " + plugin.inUseBy().summary())
                        .single()));
        assertThat(labels.blockFirst(CallWorld.PATIENCE)).isEqualTo("old volume db");
        assertThat(shown("old").inUseBy().isEmpty()).isTrue();
        assertThat(world.plugins.list(PluginFilter.ALL).collectList().block()).as("as in Docker").isEmpty();
        assertThat(shown("old").state()).isInstanceOf(State.Active.class);
        assertThat(legacies.getFirst().received("Plugin.Activate")).hasSize(1);
    }

    @Test
    void letsGoHoweverTheWorkEnds() throws Exception {
        begin();
        legacy("old");
        assertThatThrownBy(() -> world.plugins
                .use("old", VOLUMES, "x", _ -> Mono.error(new IllegalStateException("badly")))
                .blockLast(CallWorld.PATIENCE)).hasMessage("badly");
        assertThat(shown("old").inUseBy().isEmpty()).isTrue();
        world.plugins.use("old", VOLUMES, "x", _ -> Flux.just(1).concatWith(Mono.never()))
                .blockFirst(CallWorld.PATIENCE);
        assertThat(shown("old").inUseBy().isEmpty()).isTrue();

        var unending = world.plugins.use("old", VOLUMES, "x", _ -> Flux.just(1).concatWith(Mono.never()));
        var ended = unending.doOnNext(_ -> world.plugins.close().subscribe()).ignoreElements().toFuture();
        assertThatThrownBy(ended::get).hasCauseInstanceOf(EngineClosedException.class);
    }

    @Test
    void holdsUntilReleased() throws Exception {
        begin();
        legacy("old");
        assertThat(list(world.plugins.acquire("old", VOLUMES, Holder.passing("h1", "volume db"))
                .blockOptional(CallWorld.PATIENCE)
                .orElseThrow()).block(CallWorld.PATIENCE)).isEqualTo("old");
        assertThat(shown("old").inUseBy().find("h1")).isPresent();
        world.plugins.release("old", "h1").block(CallWorld.PATIENCE);
        world.plugins.release("old", "h1").block(CallWorld.PATIENCE);
        assertThat(shown("old").inUseBy().isEmpty()).isTrue();
    }

    @Test
    void tellsOfArrivalsAndDeparturesOfBothKinds() throws Exception {
        begin();
        listen();
        ScriptedPlugin old = legacy("old");
        hears("+old");
        world.enabled("managed");
        hears("+managed:latest");
        assertThat(providers()).containsExactly("managed:latest", "old");
        old.close();
        hears("-old");
        legacy("old");
        hears("+old");
        world.plugins.disable("managed", Force.NO).block(CallWorld.PATIENCE);
        hears("-managed:latest");
        world.plugins.close().block(CallWorld.PATIENCE);
        hears("end");
    }

    @Test
    void prefersThePluginThatIsManagedOnOrOff() throws Exception {
        begin();
        listen();
        legacy("both");
        hears("+both");
        world.enabled("both");
        assertThat(lookedUp("both").plugin()).isPresent();
        assertThat(providers()).containsExactly("both:latest");

        world.plugins.disable("both", Force.NO).block(CallWorld.PATIENCE);
        assertThatThrownBy(() -> world.plugins.lookUp("both", VOLUMES).block(CallWorld.PATIENCE))
                .isInstanceOf(PluginConflictException.class)
                .hasMessageContaining("found but disabled");
        assertThat(providers()).isEmpty();
        world.plugins.remove("both", Force.NO).block(CallWorld.PATIENCE);
        assertThat(lookedUp("both").plugin()).isEmpty();
        assertThat(providers()).containsExactly("both");
    }

    @Test
    @DisplayName("D72: a name that neither has is not found, with folders to look into and without")
    void findsNobodyOfAnUnknownNameD72() throws Exception {
        assertThatNobodyIsFound();
        begin();
        assertThatNobodyIsFound();
    }

    private void assertThatNobodyIsFound() {
        assertThatThrownBy(() -> world.plugins.lookUp("nobody", VOLUMES).block(CallWorld.PATIENCE))
                .isInstanceOf(PluginNotFoundException.class);
        assertThatThrownBy(() -> world.plugins.use("nobody", VOLUMES, "x", _ -> Mono.empty())
                .blockLast(CallWorld.PATIENCE)).isInstanceOf(PluginNotFoundException.class);
        assertThatThrownBy(() -> world.plugins.release("nobody", "x").block(CallWorld.PATIENCE))
                .isInstanceOf(PluginNotFoundException.class);
        assertThatThrownBy(() -> world.plugins.onHost("nobody", "/x").block(CallWorld.PATIENCE))
                .isInstanceOf(PluginNotFoundException.class);
    }

    @Test
    void looksNowhereUnlessTold() throws Exception {
        legacy("old");
        assertThatThrownBy(() -> world.plugins.lookUp("old", VOLUMES).block(CallWorld.PATIENCE))
                .isInstanceOf(PluginNotFoundException.class);
        assertThat(world.plugins.legacyPlugins().collectList().block()).isEmpty();
    }

    @Test
    void hasOnTheHostWhatALegacyPluginHas() throws Exception {
        begin();
        legacy("old");
        world.plugins.lookUp("old", VOLUMES).block(CallWorld.PATIENCE);
        assertThat(world.plugins.onHost("old", "/mnt/db").block()).isEqualTo(Path.of("/mnt/db"));
        assertThatThrownBy(() -> world.plugins.onHost("old", "/mnt/../etc").block())
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void tellsInItsHealthWhatIsWrong() throws Exception {
        begin();
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/bad.spec"), "nonsense");
        assertThatThrownBy(() -> world.plugins.lookUp("bad", VOLUMES).block(CallWorld.PATIENCE))
                .hasMessageContaining("bad.spec");
        assertThat(world.plugins.health().problems()).singleElement().asString().contains("bad.spec");
    }

    @Test
    void promisesToHoldOverARestartOnlyWhatIsManaged() throws Exception {
        begin();
        legacy("old");
        assertThatThrownBy(() -> world.plugins.acquire("old", VOLUMES, Holder.durable("h1", "volume db"))
                .block(CallWorld.PATIENCE)).isInstanceOf(PluginConflictException.class)
                .hasMessageContaining("durable");
        assertThat(shown("old").inUseBy().isEmpty()).isTrue();
    }

    @Test
    void releasesWhatWasHeldBeforeAManagedPluginTookTheName() throws Exception {
        begin();
        legacy("both");
        world.plugins.acquire("both", VOLUMES, Holder.passing("h1", "volume db")).block(CallWorld.PATIENCE);
        world.enabled("both");
        assertThat(shown("both").inUseBy().find("h1")).isPresent();
        world.plugins.release("both", "h1").block(CallWorld.PATIENCE);
        assertThat(shown("both").inUseBy().isEmpty()).isTrue();
    }
}
