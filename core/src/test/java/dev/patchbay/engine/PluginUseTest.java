package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.InstallRequest;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.Provider;
import dev.patchbay.Status.State;
import dev.patchbay.UpgradeRequest;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.reference.Reference;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.store.InMemoryStore.Operation;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.store.StoreException;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A plugin is used, and held meanwhile, on virtual time. */
class PluginUseTest {
    private static final Holder DB = Holder.durable("volume-db", "volume db");
    private static final Duration WRITE = Duration.ofMillis(100);

    private EngineWorld world = new EngineWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void givesTheAddressAndHoldsThePluginUntilTheWorkIsDone() {
        PluginId id = world.enabled("echo");
        var seen = new ArrayList<PluginUse>();
        Sinks.One<String> work = Sinks.one();
        var use = new Asked<>(world.plugins.use("echo", "VolumeDriver", "volume db", it -> {
            seen.add(it);
            return work.asMono();
        }).single());
        world.settle();

        assertThat(seen).singleElement().satisfies(it -> {
            assertThat(it.plugin()).contains(id);
            assertThat(it.name()).isEqualTo("echo:latest");
            assertThat(it.generation()).isEqualTo(1);
            assertThat(it.address()).isEqualTo(
                    new PluginAddress.Unix(Path.of("/run/patchbay-test", id.hex(), "sample.sock")));
            assertThat(it.capability()).hasToString("docker.volumedriver/1.0");
            assertThat(it.speaksHttp()).isTrue();
        });
        assertThat(labels()).containsExactly("volume db");
        work.tryEmitValue("made").orThrow();
        world.settle();
        assertThat(use.value()).isEqualTo("made");
        assertThat(labels()).isEmpty();
    }

    @Test
    @DisplayName("D60: of a plugin that speaks something else the host gets the address, and is told what it speaks")
    void givesTheAddressOfWhatSpeaksSomethingElseD60() {
        String config = PluginContexts.CONFIG.replace("\"socket\":",
                "\"protocolScheme\":\"acme.grpc/v1\",\"socket\":");
        world.ask(world.plugins.create("echo",
                PluginContexts.empty().file("config.json", config).folder("rootfs/").publisher())).done();
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        PluginUse use = world.ask(world.plugins.use("echo", "volumedriver", "x", Mono::just).single())
                .value();
        assertThat(use.scheme()).isEqualTo("acme.grpc/v1");
        assertThat(use.speaksHttp()).isFalse();
        assertThat(use.address().toString()).startsWith("unix:///run/patchbay-test/")
                .endsWith("/sample.sock");
    }

    @Test
    void letsGoWhenTheWorkFails() {
        world.enabled("echo");
        var failed = world.ask(use(Mono.error(new IllegalStateException("no"))));
        assertThat(failed.error()).hasMessage("no");
        assertThat(labels()).isEmpty();
        var thrown = world.ask(world.plugins.use("echo", "volumedriver", "x", _ -> {
            throw new IllegalStateException("at once");
        }).then());
        assertThat(thrown.error()).hasMessage("at once");
        assertThat(labels()).isEmpty();
    }

    @Test
    void letsGoWhenItIsCancelledAtWhateverMoment() {
        world.enabled("echo");
        Disposable atOnce = use(Mono.never()).subscribe();
        atOnce.dispose(); // its command waits in the mailbox, and what takes it back must not overtake it
        world.settle();
        assertThat(labels()).isEmpty();
        Disposable later = use(Mono.never()).subscribe();
        world.settle();
        assertThat(labels()).hasSize(1);
        later.dispose();
        world.settle();
        assertThat(labels()).isEmpty();
    }

    @Test
    void letsGoOfWhatIsGrantedWhileTheDiskIsSlow() {
        world.enabled("echo");
        world.store.delayWrites(WRITE, world.time);
        var durable = new Asked<>(acquire(DB));
        world.settle();
        Disposable use = use(Mono.never()).subscribe(); // held back behind the write
        world.settle();
        use.dispose();
        world.pass(WRITE);
        world.settle();
        durable.done();
        assertThat(labels()).containsExactly("volume db");
        world.store.stopDelaying();
    }

    @Test
    void refusesADisableAnUpgradeARollBackAndARemovalAndSaysWhoIsInTheWay() {
        world.enabled("echo");
        begin("volume db");
        begin("volume db");
        begin("backup");
        world.settle();

        var upgrade = world.plugins.upgrade("echo", new UpgradeRequest(Reference.parse("me/x:2"), List.of(),
                RegistryAccess.ANONYMOUS)).then();
        for (Mono<Void> command : List.of(world.plugins.disable("echo", Force.NO),
                world.plugins.remove("echo", Force.NO), world.plugins.rollBack("echo"), upgrade)) {
            assertThat(world.ask(command).error()).isInstanceOfSatisfying(PluginConflictException.class,
                    e -> {
                        assertThat(e.kind()).isEqualTo(Kind.IN_USE);
                        assertThat(e).hasMessage("plugin echo:latest is in use by: backup, volume db (2)");
                        assertThat(e.holders().size()).isEqualTo(3);
                    });
        }
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
    }

    @Test
    @DisplayName("D32: a release after a forced disable changes nothing, and the plugin is free when it is enabled again")
    void isFreeAgainAfterAForcedDisableD32() {
        world.enabled("echo");
        world.ask(acquire(DB)).done();
        Sinks.One<String> work = Sinks.one();
        var use = new Asked<>(use(work.asMono()));
        world.settle();

        world.ask(world.plugins.disable("echo", Force.YES)).done();
        assertThat(event(EventType.STOP).attributes()).containsEntry("cause", "disable")
                .containsEntry("cutOff", "volume db, x");
        assertThat(labels()).isEmpty();
        work.tryEmitValue("late").orThrow();
        world.ask(world.plugins.release("echo", DB.id())).done();
        use.done();
        assertThat(labels()).isEmpty();

        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        assertThat(labels()).isEmpty();
        world.ask(acquire(DB)).done();
        world.ask(world.plugins.release("echo", DB.id())).done();
        world.ask(world.plugins.release("echo", DB.id())).done();
        world.ask(world.plugins.disable("echo", Force.NO)).done();
    }

    @Test
    void namesThoseWhomAForcedRemovalCutOff() {
        world.enabled("echo");
        world.ask(acquire(DB)).done();
        world.ask(world.plugins.remove("echo", Force.YES)).done();
        assertThat(event(EventType.REMOVE).attributes()).containsEntry("cutOff", "volume db");
    }

    @Test
    void keepsItsHoldersOverACrashAndGivesItToNobodyMeanwhile() {
        PluginId id = world.enabled("echo");
        world.ask(acquire(DB)).done();
        Disposable use = use(Mono.never()).subscribe();
        world.settle();
        world.script(id, dev.patchbay.executor.FakeBehaviour.LISTENS.listeningAfter(Duration.ofSeconds(1)));
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();

        assertThat(labels()).containsExactly("x", "volume db");
        assertThat(world.ask(use(Mono.just("no"))).error()).isInstanceOf(PluginUnavailableException.class)
                .hasMessageStartingWith("plugin echo:latest is enabled, but does not run now");
        assertThat(world.ask(world.plugins.disable("echo", Force.NO)).error())
                .isInstanceOf(PluginConflictException.class);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.ask(use(Mono.just("yes"))).value()).isEqualTo("yes");
        use.dispose();
        world.settle();
        assertThat(labels()).containsExactly("volume db");
    }

    @Test
    void remembersADurableHolderAndForgetsAPassingOne() {
        world.enabled("echo");
        world.ask(acquire(DB)).done();
        world.ask(acquire(Holder.passing("other", "backup"))).done();
        begin("x");
        world.settle();
        world = world.killed(_ -> {}, _ -> {});
        assertThat(labels()).containsExactly("volume db");
        assertThat(world.ask(world.plugins.disable("echo", Force.NO)).error())
                .hasMessage("plugin echo:latest is in use by: volume db");
        world.ask(world.plugins.release("echo", DB.id())).done();
        world = world.killed(_ -> {}, _ -> {});
        assertThat(labels()).isEmpty();
    }

    @Test
    void doesNotRememberAfterwardsWhomItCutOffEvenIfTheDiskKeptThem() {
        PluginId id = world.enabled("echo");
        world.ask(acquire(DB)).done();
        world.store.failNext(Operation.SAVE_HOLDERS, new StoreException("no space left", null));
        world.ask(world.plugins.disable("echo", Force.YES)).done();
        assertThat(world.store.kept(id).orElseThrow().holders()).containsExactly(DB);
        world = world.killed(_ -> {}, _ -> {});
        assertThat(labels()).isEmpty();
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        world = world.killed(_ -> {}, _ -> {});
        assertThat(world.state("echo")).isEqualTo(State.RUNNING);
        assertThat(labels()).isEmpty();
    }

    @Test
    void grantsADurableHoldOnlyWhenItIsOnDisk() {
        world.enabled("echo");
        world.store.failNext(Operation.SAVE_HOLDERS, new StoreException("no space left", null));
        assertThat(world.ask(acquire(DB)).error()).isInstanceOf(PluginStorageException.class);
        assertThat(labels()).isEmpty();
        world.store.delayWrites(WRITE, world.time);
        var slow = new Asked<>(acquire(DB));
        world.settle();
        assertThat(slow.isOver()).isFalse();
        world.pass(WRITE);
        world.settle();
        slow.done();
        world.store.stopDelaying();
    }

    @Test
    void saysWhyAPluginCannotBeUsed() {
        assertThat(world.ask(use(Mono.just("no"))).error()).isInstanceOf(PluginNotFoundException.class);
        world.create("echo");
        assertThat(world.ask(use(Mono.just("no"))).error())
                .hasMessage("plugin echo:latest found but disabled");
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        assertThat(
                world.ask(world.plugins.use("echo", "networkdriver", "x", _ -> Mono.just(1)).then()).error())
                .isInstanceOfSatisfying(PluginConflictException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.LACKS_CAPABILITY))
                .hasMessage("plugin echo:latest does not provide \"networkdriver\" capability");
        assertThat(world.ask(lookUp("networkdriver")).error())
                .hasMessage("plugin echo:latest does not provide \"networkdriver\" capability");
        assertThatThrownBy(() -> world.plugins.use("echo", "", "x", _ -> Mono.just(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesIdsOfItsOwnAndThoseOfOthers() {
        world.enabled("echo");
        begin("x");
        world.settle();
        assertThatThrownBy(() -> acquire(Holder.passing("use:1", "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> world.plugins.release("echo", "use:1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(labels()).containsExactly("x");
        world.ask(acquire(DB)).done();
        assertThat(world.ask(acquire(Holder.durable(DB.id(), "other"))).error())
                .isInstanceOfSatisfying(PluginConflictException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.EXISTS));
    }

    @Test
    void looksAPluginUpWithoutHoldingIt() {
        assertThat(world.ask(lookUp("volumedriver")).error()).isInstanceOf(PluginNotFoundException.class);
        PluginId id = world.create("echo");
        assertThat(world.ask(lookUp("volumedriver")).error())
                .hasMessage("plugin echo:latest found but disabled");
        world.ask(world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        PluginUse found = world.ask(lookUp("VolumeDriver")).value();
        assertThat(found.plugin()).contains(id);
        assertThat(found.generation()).isEqualTo(1);
        assertThat(found.capability()).hasToString("docker.volumedriver/1.0");
        assertThat(labels()).isEmpty();
        assertThat(found).isEqualTo(world.ask(acquire(DB)).value());

        world.script(id, dev.patchbay.executor.FakeBehaviour.LISTENS.neverListening());
        world.executor.end(id, new ExitStatus.Exited(1));
        world.settle();
        assertThat(world.ask(lookUp("volumedriver")).error()).isInstanceOf(PluginUnavailableException.class)
                .hasMessageStartingWith("plugin echo:latest is enabled, but does not run now");
    }

    @Test
    void endsManyUsesWithNobodyLeft() {
        world.enabled("echo");
        var random = new java.util.Random(7);
        for (int round = 0; round < 200; round++) {
            List<Disposable> uses = new ArrayList<>();
            for (int one = 0; one < 10; one++) {
                Mono<String> work = switch (random.nextInt(3)) {
                    case 0 -> Mono.just("well");
                    case 1 -> Mono.error(new IllegalStateException("badly"));
                    default -> Mono.never();
                };
                uses.add(use(work).onErrorComplete().subscribe());
            }
            if (random.nextBoolean()) {
                world.settle();
            }
            uses.forEach(Disposable::dispose);
        }
        world.settle();
        assertThat(labels()).isEmpty();
        world.ask(world.plugins.disable("echo", Force.NO)).done();
    }

    @Test
    void findsEnabledPluginsByWhatTheyCanDo() {
        world.enabled("one");
        world.create("off");
        world.enabled("another");
        assertThat(names("VolumeDriver")).containsExactly("another:latest", "one:latest");
        assertThat(names("docker.volumedriver/1.0")).hasSize(2);
        assertThat(names("docker.volumedriver/1.1")).isEmpty();
        assertThat(names("authz")).isEmpty();
    }

    private List<String> names(String capability) {
        return world.ask(world.plugins.byCapability(capability)
                .map(Provider::name)
                .collectList()).value();
    }

    @Test
    void answersWhileItClosesThatItDoes() {
        world.enabled("echo");
        begin("x");
        world.settle();
        StepVerifier.create(Flux.defer(() -> {
            var closed = world.ask(world.plugins.close());
            world.pass(Duration.ofMinutes(1));
            closed.done();
            return world.plugins.use("echo", "volumedriver", "x", _ -> Mono.just("no"));
        }))
                .expectErrorMessage("the engine is shutting down and takes no more commands")
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void refusesAnUpgradeBeforeAnythingIsFetched() {
        var sample = Publications.withEnv("one", "DEBUG=0");
        world.registry.publish("docker.io/me/echo:1", sample);
        world.ask(world.plugins
                .install(new InstallRequest(Reference.parse("docker.io/me/echo:1"), Optional.empty(),
                        List.of(), RegistryAccess.ANONYMOUS))
                .then()).done();
        world.ask(world.plugins.enable("me/echo:1", EngineWorld.TIMEOUT)).done();
        world.ask(world.plugins.acquire("me/echo:1", "volumedriver", DB)).done();
        assertThat(world.ask(world.plugins.upgrade("me/echo:1", new UpgradeRequest(
                Reference.parse("docker.io/me/echo:1"), List.of(), RegistryAccess.ANONYMOUS)).then()).error())
                .hasMessage("plugin me/echo:1 is in use by: volume db");
    }

    private Mono<String> use(Mono<String> work) {
        return use(work, "x");
    }

    private Mono<String> use(Mono<String> work, String label) {
        return world.plugins.<String>use("echo", "volumedriver", label, _ -> work).single();
    }

    /** A use that lasts as long as the engine. */
    private void begin(String label) {
        use(Mono.never(), label).onErrorComplete(EngineClosedException.class).subscribe();
    }

    private Mono<PluginUse> lookUp(String capability) {
        return world.plugins.lookUp("echo", capability);
    }

    private Mono<PluginUse> acquire(Holder holder) {
        return world.plugins.acquire("echo", "volumedriver", holder);
    }

    private List<String> labels() {
        return world.view("echo").inUseBy().stream().map(Holder::label).toList();
    }

    private PluginEvent event(EventType type) {
        return world.events.stream().filter(event -> event.type() == type).toList().getLast();
    }
}
