package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUse;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.store.PluginContexts;
import dev.patchbay.use.Holder;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Those who use plugins call them, through sockets and on real threads. */
@Timeout(120)
class PluginCallsTest {
    private static final PluginCall<Told> SAY = PluginCall.of("Sample.Say", Told.class);
    private static final PluginCall<Told> HANG = PluginCall.of("Sample.Hang", Told.class);

    /** What was sent may have been carried out: to ask again is up to the caller. */
    private static final String CUT_OFF = "plugin echo:latest ended during Sample.Hang";

    private final CallWorld world = new CallWorld(c -> c.stopGrace(Duration.ofMinutes(1)));

    /** An answer. */
    record Told(String text) {}

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    @Test
    void whoUsesAPluginAndWhoLooksItUpCanCallIt() {
        echo();
        assertThat(say(lookUp())).isEqualTo("well");
        assertThat(world.plugins.use("echo", "volumedriver", "x", use -> use.client().call(SAY))
                .blockLast(CallWorld.PATIENCE)).isEqualTo(new Told("well"));
        assertThat(Objects.requireNonNull(
                world.plugins.acquire("echo", "volumedriver", Holder.passing("a", "x")).block()))
                .satisfies(held -> assertThat(say(held)).isEqualTo("well"));
    }

    @Test
    @DisplayName("D60: a plugin of another protocol is not called, but its address is told")
    void whatSpeaksSomethingElseIsNotCalledD60() {
        String config = PluginContexts.CONFIG.replace("\"socket\":",
                "\"protocolScheme\":\"acme.grpc/v1\",\"socket\":");
        world.plugins.create("acme", PluginContexts.empty()
                .file("config.json", config)
                .folder("rootfs/")
                .publisher()).block(CallWorld.PATIENCE);
        world.plugins.enable("acme", EngineWorld.TIMEOUT).block(CallWorld.PATIENCE);
        assertThatThrownBy(() -> world.plugins.use("acme", "volumedriver", "x", use -> use.client().call(SAY))
                .blockLast(CallWorld.PATIENCE)).isInstanceOf(PluginCallException.OtherScheme.class)
                .hasMessageContaining("it speaks acme.grpc/v1 at unix://" + world.socket("acme"));
    }

    @Test
    @DisplayName("D74: whoever cannot be looked up is an error of its own, and no call to nobody")
    void whoeverCannotBeLookedUpIsNotCalledD74() {
        var calls = world.plugins.lookUp("nobody", "authz").flatMap(use -> use.client().call(SAY));
        assertThatThrownBy(() -> calls.block(CallWorld.PATIENCE)).isInstanceOf(PluginNotFoundException.class);
        world.create("echo");
        var disabled = world.plugins.lookUp("echo", "volumedriver").flatMap(use -> use.client().call(SAY));
        assertThatThrownBy(() -> disabled.block(CallWorld.PATIENCE))
                .hasMessage("plugin echo:latest found but disabled");
    }

    @Test
    void aForcedDisableEndsCallsBeforeItsContainerEnds() throws InterruptedException {
        Calls calls = hanging();
        world.script("echo", FakeBehaviour.LISTENS.ignoringTerm());
        world.crash("echo");
        calls.begin(lookUp());
        calls.awaitAsked();
        Sinks.Empty<Void> disabled = Sinks.empty();
        world.plugins.disable("echo", Force.YES)
                .subscribe(null, disabled::tryEmitError, disabled::tryEmitEmpty);

        assertThatThrownBy(calls::outcome).isInstanceOf(PluginCallException.Broken.class)
                .hasMessage(CUT_OFF);
        world.executor.end(world.id("echo"), new ExitStatus.Exited(0));
        disabled.asMono().block(CallWorld.PATIENCE);
    }

    @Test
    void aUseThatIsCutOffFailsAtOnce() throws InterruptedException {
        Calls calls = hanging();
        var use = world.plugins.use("echo", "volumedriver", "x", it -> it.client().call(HANG)).then().cache();
        var _ = use.subscribe(null, _ -> {});
        calls.awaitAsked();
        world.plugins.disable("echo", Force.YES).block(CallWorld.PATIENCE);
        assertThatThrownBy(() -> use.block(CallWorld.PATIENCE)).isInstanceOf(PluginCallException.Broken.class)
                .hasMessage(CUT_OFF);
    }

    @Test
    void aCrashEndsCallsAndTheNextStartHasAClientOfItsOwn() throws InterruptedException {
        Calls calls = hanging();
        PluginUse before = lookUp();
        calls.begin(before);
        calls.awaitAsked();
        world.crash("echo");
        assertThatThrownBy(calls::outcome).isInstanceOf(PluginCallException.Broken.class).hasMessage(CUT_OFF);
        assertThatThrownBy(() -> say(before)).isInstanceOf(PluginCallException.Ended.class)
                .hasMessage("plugin echo:latest cannot be asked for Sample.Say: its start number 1 is over");
        PluginUse after = lookUp();
        assertThat(after.generation()).isEqualTo(2);
        assertThat(say(after)).isEqualTo("well");
    }

    @Test
    void closingTheEngineEndsCallsAndLeavesNoConnection() throws InterruptedException, IOException {
        Calls calls = hanging();
        ScriptedPlugin plugin = calls.plugin;
        var use = world.plugins.use("echo", "volumedriver", "x", _ -> Mono.never()).then().cache();
        var _ = use.subscribe(null, _ -> {});
        PluginUse held = lookUp();
        calls.begin(held);
        calls.awaitAsked();
        world.plugins.close().block(CallWorld.PATIENCE);
        assertThatThrownBy(calls::outcome).isInstanceOf(PluginCallException.Broken.class).hasMessage(CUT_OFF);
        assertThatThrownBy(() -> use.block(CallWorld.PATIENCE)).isInstanceOf(EngineClosedException.class);
        assertThatThrownBy(() -> say(held)).isInstanceOf(PluginCallException.Ended.class);
        assertThat(plugin.isDownTo(0)).isTrue();
    }

    private PluginUse lookUp() {
        return Objects
                .requireNonNull(world.plugins.lookUp("echo", "volumedriver").block(CallWorld.PATIENCE));
    }

    private static String say(PluginUse use) {
        return Objects.requireNonNull(use.client().call(SAY).block(CallWorld.PATIENCE)).text();
    }

    private ScriptedPlugin echo() {
        return world.enabled("echo").on("Sample.Say", Behaviour.json("{\"Text\":\"well\"}"));
    }

    private Calls hanging() {
        return new Calls(echo());
    }

    /** A call that is not answered. */
    private static final class Calls {
        private final ScriptedPlugin plugin;
        private final CountDownLatch asked = new CountDownLatch(1);
        private final Sinks.One<Told> outcome = Sinks.one();

        Calls(ScriptedPlugin plugin) {
            this.plugin = plugin;
            plugin.on("Sample.Hang", (_, peer) -> {
                asked.countDown();
                peer.awaitEnd();
            });
        }

        void begin(PluginUse use) {
            use.client().call(HANG).subscribe(outcome::tryEmitValue, outcome::tryEmitError);
        }

        void awaitAsked() throws InterruptedException {
            assertThat(asked.await(CallWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        Object outcome() {
            return Objects.requireNonNull(outcome.asMono().block(CallWorld.PATIENCE));
        }
    }
}
