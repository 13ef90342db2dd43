package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.EngineClosedException;
import dev.patchbay.InstallRequest;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.image.Platform;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.SampleImage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is on its way in when the engine closes: it comes in, and is told so, or does not, and is told that. */
class ClosingIntakeTest {
    private static final String REMOTE = "registry.example.com/vieux/echo:v1";
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration AMID = Duration.ofMillis(50);

    private final EngineWorld world = new EngineWorld(
            c -> c.platform(new Platform("linux", "amd64", Optional.empty())), _ -> {});

    @BeforeEach
    void slow() {
        world.store.delayWrites(STEP, world.time);
        world.registry.publish(REMOTE, SampleImage.of("one"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Asked<PluginId> creating() {
        return world.ask(world.plugins.create("echo", PluginContexts.sample("echo").publisher()));
    }

    private Asked<Void> installing() {
        var request = new InstallRequest(Reference.parse(REMOTE), Optional.empty(), List.of(),
                RegistryAccess.ANONYMOUS);
        return world.ask(world.plugins.install(request).then());
    }

    @Test
    void createsWhatIsBeingInstalledAndSaysSo() {
        var creating = creating();
        world.pass(STEP.plus(AMID)); // staged
        var closing = world.ask(world.plugins.close());
        assertThat(creating.isOver()).isFalse();
        world.pass(STEP);

        assertThat(world.store.kept(creating.value())).isPresent();
        closing.done();
    }

    @Test
    void installsWhatIsBeingInstalledAndSaysSo() {
        var installing = installing();
        world.pass(STEP.plus(AMID));
        var closing = world.ask(world.plugins.close());
        assertThat(installing.isOver()).isFalse();
        world.pass(STEP);

        installing.done();
        assertThat(world.store.stagedCount()).isZero();
        closing.done();
    }

    @Test
    void givesUpWhatIsBeingStaged() {
        var creating = creating();
        var installing = installing();
        world.pass(AMID);
        var closing = world.ask(world.plugins.close());
        world.pass(STEP.plus(STEP));

        assertThat(creating.error()).isInstanceOf(EngineClosedException.class);
        assertThat(installing.error()).isInstanceOf(EngineClosedException.class);
        assertThat(world.store.stagedCount()).isZero();
        closing.done();
    }
}
