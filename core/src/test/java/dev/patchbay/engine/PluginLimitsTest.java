package dev.patchbay.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.Status.State;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.LimitsJson;
import dev.patchbay.limits.PluginLimits;
import dev.patchbay.limits.Seccomp;
import dev.patchbay.oci.SpecOptions;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits of the engine's and of a plugin's own, from the question to the container. */
class PluginLimitsTest {
    private static final LimitOverrides OWN = LimitsJson
            .read("{\"memoryBytes\":8388608,\"pids\":0,\"seccomp\":\"builtin\"}".getBytes(UTF_8));
    private static final PluginLimits ENGINE = new PluginLimits(OptionalLong.of(64 << 20),
            OptionalLong.empty(),
            OptionalLong.of(100), false, false, new Seccomp.Unconfined());

    private EngineWorld world = new EngineWorld(
            c -> c.specOptions(SpecOptions.DEFAULT.with(ENGINE)), _ -> {});

    @AfterEach
    void close() {
        world.close();
    }

    private String spec(PluginId plugin) {
        return world.executor.starts()
                .stream()
                .filter(request -> request.plugin().equals(plugin))
                .toList()
                .getLast()
                .spec();
    }

    @Test
    void aPluginIsStartedWithTheEnginesLimitsUnlessItHasItsOwn() {
        assertThat(spec(world.enabled("plain"))).contains("\"limit\":67108864", "\"pids\":{\"limit\":100}")
                .doesNotContain("seccomp");
        PluginId own = world.create("own");
        world.ask(world.plugins.limit("own", OWN)).done();
        world.ask(world.plugins.enable("own", EngineWorld.TIMEOUT)).done();
        assertThat(spec(own)).contains("\"limit\":8388608", "\"swap\":8388608", "\"seccomp\":{")
                .doesNotContain("\"pids\":{");
        assertThat(world.view("own").limitOverrides()).isEqualTo(OWN);
        assertThat(world.view("own").limits()).isEqualTo(OWN.over(ENGINE));
        assertThat(world.view("plain").limits()).isEqualTo(ENGINE);
    }

    @Test
    void theyAreOnDiskBeforeAnybodyHearsOfThemAndTheEventSaysSo() {
        PluginId id = world.create("echo");
        world.store.delayWrites(Duration.ofSeconds(5), world.time);
        var asked = world.ask(world.plugins.limit("echo", OWN));
        assertThat(asked.isOver()).isFalse();
        assertThat(world.view("echo").limitOverrides()).isEqualTo(LimitOverrides.NONE);
        world.pass(Duration.ofSeconds(5));
        asked.done();
        assertThat(world.store.kept(id).orElseThrow().limits()).isEqualTo(OWN);
        assertThat(world.events.getLast().type().wireName()).isEqualTo("set");
        assertThat(world.events.getLast().attributes()).isEqualTo(Map.of("changed", "limits"));
    }

    @Test
    void aDiskThatRefusesLeavesThemAsTheyWere() {
        world.create("echo");
        world.store.failNext(Operation.SAVE_LIMITS, new StoreException("no space left", null));
        assertThat(world.ask(world.plugins.limit("echo", OWN)).error())
                .isInstanceOf(PluginStorageException.class)
                .hasMessageContaining("no space left");
        assertThat(world.view("echo").limitOverrides()).isEqualTo(LimitOverrides.NONE);
        world.ask(world.plugins.limit("echo", OWN)).done();
    }

    @Test
    void thoseOfAnEnabledPluginCannotBeChanged() {
        world.enabled("echo");
        assertThat(world.ask(world.plugins.limit("echo", OWN)).error())
                .isInstanceOf(PluginConflictException.class)
                .hasMessageContaining(
                        "the limits of an active plugin cannot be changed, disable plugin echo:latest");
        world.ask(world.plugins.disable("echo", Force.NO)).done();
        world.ask(world.plugins.limit("echo", OWN)).done();
        world.ask(world.plugins.limit("echo", LimitOverrides.NONE)).done();
        assertThat(world.view("echo").limits()).isEqualTo(ENGINE);
    }

    @Test
    void theyOutliveAnUpgradeARollBackAndTheEngine() {
        var sample = Publications.withEnv("one", "DEBUG=0");
        world.registry.publish("docker.io/me/echo:1", sample);
        world.registry.publish("docker.io/me/echo:2", Publications.withEnv("two", "DEBUG=0"));
        world.ask(world.plugins.install(new InstallRequest(Reference.parse("docker.io/me/echo:1"),
                Optional.of(PluginName.parse("echo")), List.of(), RegistryAccess.ANONYMOUS)).then()).done();
        world.ask(world.plugins.limit("echo", OWN)).done();
        world.ask(world.plugins
                .upgrade("echo", new UpgradeRequest(Reference.parse("docker.io/me/echo:2"), List.of(),
                        RegistryAccess.ANONYMOUS))
                .then()).done();
        assertThat(world.view("echo").limitOverrides()).isEqualTo(OWN);
        world.ask(world.plugins.rollBack("echo")).done();
        world = world.killed(_ -> {}, _ -> {});
        assertThat(world.view("echo").limitOverrides()).isEqualTo(OWN);
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        assertThat(spec(world.view("echo").plugin().id())).contains("\"limit\":8388608");
    }

    @Test
    void whatRunsWithLimitsOfItsOwnIsTakenOverAsItIs() {
        world.create("echo");
        world.ask(world.plugins.limit("echo", OWN)).done();
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        world = world.killed(c -> c.specOptions(SpecOptions.DEFAULT.with(ENGINE)), _ -> {});
        world.pass(Duration.ofSeconds(30));
        assertThat(world.view("echo").status().generation()).isEqualTo(1);
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    void whatRunsWithOtherLimitsThanTheEngineHasNowIsStartedAnew() {
        world.enabled("echo");
        world = world.killed(c -> c.specOptions(SpecOptions.DEFAULT.with(ENGINE)), _ -> {});
        assertThat(world.view("echo").status().generation()).as("same limits").isEqualTo(1);
        world = world.killed(_ -> {}, _ -> {});
        world.pass(Duration.ofSeconds(30));
        assertThat(world.view("echo").status().generation()).as("other limits").isEqualTo(2);
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }
}
