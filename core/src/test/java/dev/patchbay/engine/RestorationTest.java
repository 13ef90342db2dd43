package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.patchbay.AmbiguousPluginException;
import dev.patchbay.Force;
import dev.patchbay.PluginConflictException;
import dev.patchbay.Status;
import dev.patchbay.Status.State;
import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.ExecutorException.Step;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.executor.FakeRuntimeExecutor.SentSignal;
import dev.patchbay.executor.Signal;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.PluginContexts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RestorationTest {
    private static final PluginRecord WANTED = EngineWorld.record("wanted", true);
    private static final PluginRecord UNWANTED = EngineWorld.record("unwanted", false);

    @Test
    void startsWhatIsWantedAndNothingElse() {
        try (var world = holding(WANTED, UNWANTED)) {
            assertThat(world.state("wanted")).isEqualTo(State.RUNNING);
            assertThat(world.state("unwanted")).isEqualTo(State.STOPPED);
            assertThat(world.plugins.health().ready()).isTrue();
        }
    }

    @Test
    void answersBeforeAPluginThatHangsIsThere() {
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(WANTED);
            w.script(WANTED.plugin().id(), FakeBehaviour.LISTENS.neverListening());
        })) {
            assertThat(world.state("wanted")).isEqualTo(State.STARTING);
            assertThat(world.plugins.health().live()).isTrue();
            assertThat(world.plugins.health().ready()).isFalse();
            assertThat(world.plugins.health().problems()).singleElement().asString().contains("1 plugin");
        }
    }

    @Test
    void theRoundIsOverOnceItIsShownWhatBecameOfThePlugins() {
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(WANTED);
            w.script(WANTED.plugin().id(), FakeBehaviour.LISTENS.neverListening());
        })) {
            var shown = new ArrayList<Status>();
            var summary = new ListAppender<ILoggingEvent>() {
                @Override
                protected void append(ILoggingEvent event) {
                    shown.add(world.view("wanted").status());
                }
            };
            summary.start();
            var logger = (Logger) LoggerFactory.getLogger(FirstRound.class);
            logger.addAppender(summary);
            logger.setLevel(Level.INFO);
            try {
                world.pass(Duration.ofMinutes(2));
            } finally {
                logger.setLevel(null); // that of those above it
                logger.detachAppender(summary);
            }
            assertThat(shown).singleElement()
                    .satisfies(status -> assertThat(status.state()).isEqualTo(State.BACKING_OFF))
                    .satisfies(status -> assertThat(status.nextTry()).isPresent());
        }
    }

    @Test
    void collectsWhatAnEarlierProcessLeftOnlyWhenNobodyWaitsForAPluginAnyMore() {
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(WANTED);
            w.script(WANTED.plugin().id(), FakeBehaviour.LISTENS.neverListening());
        })) {
            world.pass(Duration.ofSeconds(2));
            assertThat(world.plugins.health().ready()).isFalse();
            assertThat(world.store.done()).doesNotContain(Operation.COLLECT_GARBAGE);

            world.pass(Duration.ofMinutes(2));
            assertThat(world.plugins.health().ready()).isTrue();
            assertThat(world.store.done()).containsOnlyOnce(Operation.COLLECT_GARBAGE);
        }
    }

    @Test
    void aPluginThatCannotBeStartedStaysWantedAndCostsItselfOnlyD40() {
        PluginId bad = WANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(WANTED);
            w.store.put(EngineWorld.record("other", true));
            w.script(bad, FakeBehaviour.LISTENS.failingAt(Step.CREATE));
        })) {
            assertThat(world.state("other")).isEqualTo(State.RUNNING);
            assertThat(world.plugins.health().ready()).isTrue();
            world.pass(Duration.ofSeconds(5));

            assertThat(world.view("wanted").plugin().enabled()).isTrue();
            assertThat(world.storedAsEnabled(bad)).isTrue();
            assertThat(world.state("wanted")).isEqualTo(State.BACKING_OFF);
            assertThat(world.view("wanted").status().reason()).isPresent();
        }
    }

    @Test
    void goesOnCountingGenerations() {
        var first = new EngineWorld();
        PluginId id = first.enabled("echo");
        var kept = first.store.kept(id).orElseThrow();
        int before = first.view("echo").status().generation();
        first.close();

        try (var second = new EngineWorld(_ -> {}, w -> {
            w.store.put(kept.record());
            w.ask(w.store.saveRuntime(id, kept.runtime().orElseThrow())).done();
        })) {
            assertThat(second.view("echo").status().generation()).isEqualTo(before + 1);
        }
    }

    @Test
    void tellsOfAFolderThatIsNoPlugin() {
        try (var world = new EngineWorld(_ -> {}, w -> w.store.damage(
                UNWANTED.plugin().id(), "its config.json is not JSON"))) {
            assertThat(world.plugins.health().problems()).singleElement().asString().contains("not JSON");
        }
    }

    @Test
    void tellsWhatTheStoreCouldNotPutInOrder() {
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(UNWANTED);
            w.store.putNotice("an upgrade was cut off");
        })) {
            assertThat(world.plugins.health().problems()).containsExactly("an upgrade was cut off");
            assertThat(world.plugins.health().ready()).as("that costs nobody else anything").isTrue();
            assertThat(world.state("unwanted")).isEqualTo(State.STOPPED);
        }
    }

    @Test
    void aRuntimeThatCannotBeUsedIsAProblemUntilItCan() {
        try (var world = new EngineWorld(_ -> {}, w -> w.executor.failChecks(3))) {
            assertThat(world.plugins.health().problems()).containsExactly("runc is not installed");
            assertThat(world.plugins.health().ready()).isTrue();

            world.pass(Duration.ofSeconds(10));

            assertThat(world.plugins.health().problems()).isEmpty();
        }
    }

    @Test
    void whatCannotBeListedAtFirstIsListedLater() {
        PluginId id = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(UNWANTED);
            leave(w, id);
            w.executor.failListings(3);
        })) {
            assertThat(world.executor.liveContainers()).hasSize(1);

            world.pass(Duration.ofSeconds(10));

            assertThat(world.executor.liveContainers()).isEmpty();
        }
    }

    @Test
    void aListOfContainersThatFailsKeepsNoLogOfARemovedPlugin() {
        PluginId gone = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            leave(w, gone);
            w.ask(w.executor.delete(gone)).done();
            w.executor.failListings(1_000_000);
        })) {
            List<PluginId> logged = new ArrayList<>();
            world.ask(world.executor.logged().doOnNext(logged::add).then()).done();
            assertThat(logged).isEmpty();
        }
    }

    @Test
    void twoPluginsOfOneNameAreBothRestoredAndListedD7() {
        var other = new PluginId("b".repeat(64));
        var old = WANTED.plugin();
        var twin = WANTED
                .withPlugin(new InstalledPlugin(old.config(), true, other, old.name(), old.reference(),
                        old.settings()));
        try (var world = holding(WANTED, twin)) {
            assertThat(world.executor.liveContainers()).extracting("plugin")
                    .containsExactlyInAnyOrder(old.id(), other);
            assertThat(world.plugins.health().ready()).isTrue();
            assertThat(world.plugins.health().problems()).singleElement()
                    .asString()
                    .contains("several plugins are called wanted:latest", other.shortHex());
            assertThat(world.ask(world.plugins.inspect("wanted")).error())
                    .isInstanceOf(AmbiguousPluginException.class);

            world.ask(world.plugins.remove(other.hex(), Force.YES)).done();

            assertThat(world.state("wanted")).isEqualTo(State.RUNNING);
            assertThat(world.plugins.health().problems()).isEmpty();
            assertThat(
                    world.ask(world.plugins.create("wanted", PluginContexts.sample("x").publisher())).error())
                    .as("the name is still taken")
                    .isInstanceOf(PluginConflictException.class);
        }
    }

    @Test
    void disablesAPluginThatIsBeingRestoredAtOnce() {
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(WANTED);
            w.script(WANTED.plugin().id(), FakeBehaviour.LISTENS.neverListening());
        })) {
            world.ask(world.plugins.disable("wanted", Force.NO)).done();

            assertThat(world.state("wanted")).isEqualTo(State.STOPPED);
            assertThat(world.plugins.health().ready()).isTrue();
        }
    }

    @Test
    void neverDialsASocketOutsideThePluginsFolderD53() {
        String escaping = PluginContexts.CONFIG.replaceFirst("\"socket\" *: *\"[^\"]*\"",
                "\"socket\":\"../../x.sock\"");
        var config = PluginJson.config(escaping.getBytes(StandardCharsets.UTF_8));
        assertThat(config.api().socket()).isEqualTo("../../x.sock");
        var old = WANTED.plugin();
        var record = WANTED
                .withPlugin(new InstalledPlugin(config, true, old.id(), old.name(), old.reference(),
                        old.settings()));

        try (var world = holding(record)) {
            assertThat(world.executor.starts()).isEmpty();
            assertThat(world.view("wanted").status().reason()).hasValueSatisfying(
                    reason -> assertThat(reason).contains("../../x.sock", "not a plain file name"));
        }
    }

    @Test
    void removesWhatAnEarlierProcessLeftOfAPluginThatIsNotWanted() {
        PluginId id = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(UNWANTED);
            w.ask(w.executor.start(new ContainerRequest(id, 7, "{}", w.store.rootfs(id),
                    Path.of("/run/patchbay-test"), Optional.empty()))).done();
        })) {
            assertThat(world.executor.liveContainers()).isEmpty();
            assertThat(world.executor.signals()).as("asked to end")
                    .extracting("signal")
                    .containsExactly(Signal.TERM);
            assertThat(world.state("unwanted")).isEqualTo(State.STOPPED);
        }
    }

    @Test
    void removesWhatAnEarlierProcessLeftOfAPluginThatThereIsNot() {
        PluginId id = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> leave(w, id))) {
            assertThat(world.executor.liveContainers()).isEmpty();
        }
    }

    @Test
    void aLeftOverThatCannotBeRemovedIsNoSecretAndNobodyIsStartedBesideIt() {
        PluginId id = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(UNWANTED);
            leave(w, id);
            w.script(id, FakeBehaviour.LISTENS.failingDelete());
        })) {
            assertThat(world.state("unwanted")).isEqualTo(State.STUCK);
            assertThat(world.ask(world.plugins.enable("unwanted", EngineWorld.TIMEOUT)).error())
                    .isInstanceOf(PluginConflictException.class);
            assertThat(world.executor.starts()).as("only the one before").hasSize(1);
        }
    }

    @Test
    void anEndThatIsToldBeforeAnybodyKnowsThePluginEndsNothingD34() {
        PluginId id = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            leave(w, id);
            w.executor.end(id, new ExitStatus.Exited(1));
            w.settle();
            w.store.put(WANTED);
        })) {
            assertThat(world.state("wanted")).isEqualTo(State.RUNNING);
            world.executor.repeatExit(id);
            world.settle();
            world.ask(world.plugins.disable("wanted", Force.NO)).done();
        }
    }

    @Test
    void asksALeftOverToEndBeforeItsPluginIsRemoved() {
        PluginId id = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(UNWANTED);
            leave(w, id);
            w.executor.tellPresentAfter(Duration.ofSeconds(1));
        })) {
            world.ask(world.plugins.remove("unwanted", Force.NO)).done();

            assertThat(world.executor.signals()).extracting(SentSignal::signal).containsExactly(Signal.TERM);
            assertThat(world.executor.liveContainers()).isEmpty();
        }
    }

    private static void leave(EngineWorld w, PluginId id) {
        w.ask(w.executor.start(new ContainerRequest(id, 7, "{}", w.store.rootfs(id),
                Path.of("/run/patchbay-test"), Optional.empty()))).done();
    }

    @Test
    void doesNotTakeAPluginThatIsBeingEnabledForALeftOver() {
        PluginId id = UNWANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            w.store.put(UNWANTED);
            w.script(id, FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(5)));
            w.executor.tellPresentAfter(Duration.ofSeconds(1));
        })) {
            var enabling = world.ask(world.plugins.enable("unwanted", EngineWorld.TIMEOUT));
            world.pass(Duration.ofSeconds(5));

            enabling.done();
            assertThat(world.executor.deletes()).isEmpty();
        }
    }

    @Test
    void removesTheLogOfAPluginThatIsGoneAndNoOther() {
        PluginId gone = UNWANTED.plugin().id();
        PluginId kept = WANTED.plugin().id();
        try (var world = new EngineWorld(_ -> {}, w -> {
            leave(w, gone);
            leave(w, kept);
            w.ask(w.executor.delete(gone)).done();
            w.store.put(WANTED);
        })) {
            List<PluginId> logged = new ArrayList<>();
            world.ask(world.executor.logged().doOnNext(logged::add).then()).done();
            assertThat(logged).containsExactly(kept);
        }
    }

    private static EngineWorld holding(PluginRecord... records) {
        return new EngineWorld(_ -> {}, w -> {
            for (PluginRecord record : records) {
                w.store.put(record);
            }
        });
    }
}
