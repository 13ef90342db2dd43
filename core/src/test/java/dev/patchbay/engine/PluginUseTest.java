package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.Force;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginConflictException;
import dev.patchbay.PluginConflictException.Kind;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.Provider;
import dev.patchbay.engine.EngineWorld.Asked;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.PluginContexts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A plugin is looked up and used, and held meanwhile, on virtual time. */
class PluginUseTest {
    private final EchoInUse echo = new EchoInUse();

    @AfterEach
    void close() {
        echo.close();
    }

    @Test
    void givesTheAddressAndHoldsThePluginUntilTheWorkIsDone() {
        PluginId id = echo.world.enabled("echo");
        var seen = new ArrayList<PluginUse>();
        Sinks.One<String> work = Sinks.one();
        var use = new Asked<>(echo.world.plugins.use("echo", "VolumeDriver", "volume db", it -> {
            seen.add(it);
            return work.asMono();
        }).single());
        echo.world.settle();

        assertThat(seen).singleElement().satisfies(it -> {
            assertThat(it.plugin()).contains(id);
            assertThat(it.name()).isEqualTo("echo:latest");
            assertThat(it.generation()).isEqualTo(1);
            assertThat(it.address()).isEqualTo(
                    new PluginAddress.Unix(Path.of("/run/patchbay-test", id.hex(), "sample.sock")));
            assertThat(it.capability()).hasToString("docker.volumedriver/1.0");
            assertThat(it.speaksHttp()).isTrue();
        });
        assertThat(echo.labels()).containsExactly("volume db");
        work.tryEmitValue("made").orThrow();
        echo.world.settle();
        assertThat(use.value()).isEqualTo("made");
        assertThat(echo.labels()).isEmpty();
    }

    @Test
    @DisplayName("D60: of a plugin that speaks something else the host gets the address, and is told what it speaks")
    void givesTheAddressOfWhatSpeaksSomethingElseD60() {
        String config = PluginContexts.CONFIG.replace("\"socket\":",
                "\"protocolScheme\":\"acme.grpc/v1\",\"socket\":");
        echo.world.ask(echo.world.plugins.create("echo",
                PluginContexts.empty().file("config.json", config).folder("rootfs/").publisher())).done();
        echo.world.ask(echo.world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        PluginUse use = echo.world
                .ask(echo.world.plugins.use("echo", "volumedriver", "x", Mono::just).single())
                .value();
        assertThat(use.scheme()).isEqualTo("acme.grpc/v1");
        assertThat(use.speaksHttp()).isFalse();
        assertThat(use.address().toString()).startsWith("unix:///run/patchbay-test/")
                .endsWith("/sample.sock");
    }

    @Test
    void letsGoWhenTheWorkFails() {
        echo.world.enabled("echo");
        var failed = echo.world.ask(echo.use(Mono.error(new IllegalStateException("no"))));
        assertThat(failed.error()).hasMessage("no");
        assertThat(echo.labels()).isEmpty();
        var thrown = echo.world.ask(echo.world.plugins.use("echo", "volumedriver", "x", _ -> {
            throw new IllegalStateException("at once");
        }).then());
        assertThat(thrown.error()).hasMessage("at once");
        assertThat(echo.labels()).isEmpty();
    }

    @Test
    void letsGoWhenItIsCancelledAtWhateverMoment() {
        echo.world.enabled("echo");
        Disposable atOnce = echo.use(Mono.never()).subscribe();
        atOnce.dispose(); // its command waits in the mailbox, and what takes it back must not overtake it
        echo.world.settle();
        assertThat(echo.labels()).isEmpty();
        Disposable later = echo.use(Mono.never()).subscribe();
        echo.world.settle();
        assertThat(echo.labels()).hasSize(1);
        later.dispose();
        echo.world.settle();
        assertThat(echo.labels()).isEmpty();
    }

    @Test
    void letsGoOfWhatIsGrantedWhileTheDiskIsSlow() {
        echo.world.enabled("echo");
        echo.world.store.delayWrites(EchoInUse.WRITE, echo.world.time);
        var durable = new Asked<>(echo.acquire(EchoInUse.DB));
        echo.world.settle();
        Disposable use = echo.use(Mono.never()).subscribe(); // held back behind the write
        echo.world.settle();
        use.dispose();
        echo.world.pass(EchoInUse.WRITE);
        echo.world.settle();
        durable.done();
        assertThat(echo.labels()).containsExactly("volume db");
        echo.world.store.stopDelaying();
    }

    @Test
    void saysWhyAPluginCannotBeUsed() {
        assertThat(echo.world.ask(echo.use(Mono.just("no"))).error())
                .isInstanceOf(PluginNotFoundException.class);
        echo.world.create("echo");
        assertThat(echo.world.ask(echo.use(Mono.just("no"))).error())
                .hasMessage("plugin echo:latest found but disabled");
        echo.world.ask(echo.world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        assertThat(
                echo.world.ask(echo.world.plugins.use("echo", "networkdriver", "x", _ -> Mono.just(1)).then())
                        .error())
                .isInstanceOfSatisfying(PluginConflictException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.LACKS_CAPABILITY))
                .hasMessage("plugin echo:latest does not provide \"networkdriver\" capability");
        assertThat(echo.world.ask(echo.lookUp("networkdriver")).error())
                .hasMessage("plugin echo:latest does not provide \"networkdriver\" capability");
        assertThatThrownBy(() -> echo.world.plugins.use("echo", "", "x", _ -> Mono.just(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void looksAPluginUpWithoutHoldingIt() {
        assertThat(echo.world.ask(echo.lookUp("volumedriver")).error())
                .isInstanceOf(PluginNotFoundException.class);
        PluginId id = echo.world.create("echo");
        assertThat(echo.world.ask(echo.lookUp("volumedriver")).error())
                .hasMessage("plugin echo:latest found but disabled");
        echo.world.ask(echo.world.plugins.enable("echo", EngineWorld.TIMEOUT)).done();
        PluginUse found = echo.world.ask(echo.lookUp("VolumeDriver")).value();
        assertThat(found.plugin()).contains(id);
        assertThat(found.generation()).isEqualTo(1);
        assertThat(found.capability()).hasToString("docker.volumedriver/1.0");
        assertThat(echo.labels()).isEmpty();
        assertThat(found).isEqualTo(echo.world.ask(echo.acquire(EchoInUse.DB)).value());

        echo.world.script(id, FakeBehaviour.LISTENS.neverListening());
        echo.world.executor.end(id, new ExitStatus.Exited(1));
        echo.world.settle();
        assertThat(echo.world.ask(echo.lookUp("volumedriver")).error())
                .isInstanceOf(PluginUnavailableException.class)
                .hasMessageStartingWith("plugin echo:latest is enabled, but does not run now");
    }

    @Test
    void endsManyUsesWithNobodyLeft() {
        echo.world.enabled("echo");
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Disposable> uses = new ArrayList<>();
            for (int one = 0; one < 10; one++) {
                Mono<String> work = switch (random.nextInt(3)) {
                    case 0 -> Mono.just("well");
                    case 1 -> Mono.error(new IllegalStateException("badly"));
                    default -> Mono.never();
                };
                uses.add(echo.use(work).onErrorComplete().subscribe());
            }
            if (random.nextBoolean()) {
                echo.world.settle();
            }
            uses.forEach(Disposable::dispose);
        }
        echo.world.settle();
        assertThat(echo.labels()).isEmpty();
        echo.world.ask(echo.world.plugins.disable("echo", Force.NO)).done();
    }

    @Test
    void findsEnabledPluginsByWhatTheyCanDo() {
        echo.world.enabled("one");
        echo.world.create("off");
        echo.world.enabled("another");
        assertThat(names("VolumeDriver")).containsExactly("another:latest", "one:latest");
        assertThat(names("docker.volumedriver/1.0")).hasSize(2);
        assertThat(names("docker.volumedriver/1.1")).isEmpty();
        assertThat(names("authz")).isEmpty();
    }

    private List<String> names(String capability) {
        return echo.world.ask(echo.world.plugins.byCapability(capability)
                .map(Provider::name)
                .collectList()).value();
    }

    @Test
    void answersWhileItClosesThatItDoes() {
        echo.world.enabled("echo");
        echo.begin("x");
        echo.world.settle();
        StepVerifier.create(Flux.defer(() -> {
            var closed = echo.world.ask(echo.world.plugins.close());
            echo.world.pass(Duration.ofMinutes(1));
            closed.done();
            return echo.world.plugins.use("echo", "volumedriver", "x", _ -> Mono.just("no"));
        }))
                .expectErrorMessage("the engine is shutting down and takes no more commands")
                .verify(Duration.ofSeconds(10));
    }
}
