package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.Force;
import dev.patchbay.Status.State;
import dev.patchbay.plugin.PluginRecord;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

/** A host says when plugins begin to be restored. */
class RestoreAfterTest {
    private static final PluginRecord WANTED = EngineWorld.record("wanted", true);
    private static final PluginRecord UNWANTED = EngineWorld.record("unwanted", false);

    private final Sinks.Empty<Void> serving = Sinks.empty();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsRestoredBeforeItsHostSaysSoHoweverThatEnds(boolean fails) {
        try (var world = new EngineWorld(c -> c.restoreAfter(serving.asMono()), w -> w.store.put(WANTED))) {
            world.pass(Duration.ofMinutes(1));
            assertThat(world.state("wanted")).isEqualTo(State.RESTORING);
            assertThat(world.executor.starts()).isEmpty();
            assertThat(world.plugins.health().ready()).isFalse();

            var _ = fails
                    ? serving.tryEmitError(new IllegalStateException("as may be"))
                    : serving.tryEmitEmpty();
            world.settle();

            assertThat(world.state("wanted")).isEqualTo(State.RUNNING);
            assertThat(world.plugins.health().ready()).isTrue();
        }
    }

    @Test
    void whatIsAskedMeanwhileIsDoneBeforeAnythingIsRestored() {
        try (var world = new EngineWorld(c -> c.restoreAfter(serving.asMono()), w -> {
            w.store.put(WANTED);
            w.store.put(UNWANTED);
        })) {
            world.ask(world.plugins.enable("unwanted", Duration.ofSeconds(30))).done();
            world.ask(world.plugins.disable("wanted", Force.NO)).done();
            var _ = serving.tryEmitEmpty();
            world.settle();

            assertThat(world.state("unwanted")).isEqualTo(State.RUNNING);
            assertThat(world.state("wanted")).isEqualTo(State.STOPPED);
            assertThat(world.executor.starts()).hasSize(1);
        }
    }

    @Test
    void aFolderThatCanBeReadAgainMeanwhileIsRestoredWithTheOthers() {
        try (var world = new EngineWorld(c -> c.restoreAfter(serving.asMono()), w -> {
            w.store.put(WANTED);
            w.store.damage(WANTED.plugin().id(), "it is torn");
        })) {
            world.store.mend(WANTED.plugin().id());
            world.pass(Duration.ofMinutes(10));
            assertThat(world.state("wanted")).isEqualTo(State.RESTORING);
            assertThat(world.executor.starts()).isEmpty();

            var _ = serving.tryEmitEmpty();
            world.settle();

            assertThat(world.state("wanted")).isEqualTo(State.RUNNING);
            assertThat(world.executor.starts()).hasSize(1);
        }
    }

    @Test
    void anEngineThatIsClosedBeforeRestoresNothing() {
        try (var world = new EngineWorld(c -> c.restoreAfter(serving.asMono()), w -> w.store.put(WANTED))) {
            world.ask(world.plugins.close()).done();
            var _ = serving.tryEmitEmpty();
            world.settle();
            assertThat(world.executor.starts()).isEmpty();
            assertThat(world.storedAsEnabled(WANTED.plugin().id())).isTrue();
        }
    }
}
