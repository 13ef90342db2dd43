package dev.patchbay.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginException;
import dev.patchbay.client.CallLimits;
import dev.patchbay.client.CallRetries;
import dev.patchbay.client.CircuitLimits;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.use.Holders;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A plugin in a real container does to a call whatever a bad plugin may do: its callers are told what, and another plugin's
 * callers notice nothing. BlockHound, which is on in all tests, sees to it that no event loop is held.
 */
@Tag("runtime")
@Timeout(120)
class BadPluginIT {
    private static final CallLimits LIMITS = new CallLimits(8, 8, 4);
    private static final CircuitLimits CIRCUIT = new CircuitLimits(30, 60, Duration.ofMinutes(10));
    private static final ClientOptions OPTIONS = new ClientOptions(Duration.ofMillis(700), 1 << 20, LIMITS,
            CallRetries.DEFAULT, CIRCUIT);

    private TrialWorld world;

    /** The answer to a question for what the driver can do. */
    record Able(Scope capabilities) {}

    record Scope(String scope) {}

    @BeforeAll
    static void needsRunc() {
        Optional<String> missing = Machine.missing("runc");
        assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        world = new TrialWorld(OPTIONS);
        world.enable("bad");
        world.enable("good");
    }

    @AfterEach
    void stop() throws IOException {
        world.close();
    }

    static Stream<Arguments> deeds() {
        return Stream.of(
                arguments("Hang", PluginCallException.TimedOut.class),
                arguments("Garbage", PluginCallException.Unreadable.class),
                arguments("Json", PluginCallException.Unreadable.class),
                arguments("Close", PluginCallException.Broken.class),
                arguments("Half", PluginCallException.Broken.class),
                arguments("Flood", PluginCallException.TooLarge.class),
                arguments("Die", PluginCallException.Broken.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deeds")
    void tellsItsCallersWhatItDid(String deed, Class<? extends PluginException> told) {
        Mono<Void> begun = bad(deed).cache();
        var _ = begun.subscribe(null, _ -> {});
        assertGood();
        assertThatThrownBy(() -> begun.block(TrialWorld.PATIENCE)).isInstanceOf(told);
        assertGood();
    }

    @Test
    void manyCallsThatHangFailFastAndCostNobodyElseAnything() {
        var outcomes = Flux.range(0, 40)
                .flatMap(_ -> bad("Hang").then(Mono.<Throwable>empty()).onErrorResume(Mono::just), 40)
                .collectList()
                .cache();
        var _ = outcomes.subscribe();
        for (int calls = 0; calls < 20; calls++) {
            assertGood();
        }
        List<Throwable> failures = outcomes.blockOptional(TrialWorld.PATIENCE).orElseThrow();
        assertThat(failures).hasSize(40)
                .allSatisfy(failure -> assertThat(failure).isInstanceOfAny(
                        PluginCallException.TimedOut.class, PluginCallException.TooMany.class));
        assertThat(failures).filteredOn(PluginCallException.TooMany.class::isInstance).isNotEmpty();
        assertThatThrownBy(() -> {
            for (int calls = 0; calls < CIRCUIT.window(); calls++) {
                bad("Close").onErrorComplete(PluginCallException.Broken.class).block(TrialWorld.PATIENCE);
            }
        }).isInstanceOf(PluginCallException.CircuitOpen.class);
        assertGood();
    }

    @Test
    void diesInTheMiddleOfAUseAndIsUsedAgainAfterItsRestart() {
        assertThatThrownBy(() -> world.plugins
                .use("bad", "volumedriver", "x", use -> use.client().call(PluginCall.of("Bad.Die")))
                .blockLast(TrialWorld.PATIENCE)).isInstanceOf(PluginCallException.Broken.class);
        world.running("bad", 2).block(TrialWorld.PATIENCE);
        assertWell("bad");
        world.plugins.release("bad", "nobody").block(TrialWorld.PATIENCE); // behind all that was let go
        assertThat(world.plugins.inspect("bad").blockOptional(TrialWorld.PATIENCE).orElseThrow().inUseBy())
                .isEqualTo(Holders.NONE);
    }

    private Mono<Void> bad(String deed) {
        return world.lookUp("bad").client().call(PluginCall.of("Bad." + deed));
    }

    private void assertGood() {
        assertWell("good");
    }

    private void assertWell(String name) {
        assertThat(world.plugins.use(name, "volumedriver", "x",
                use -> use.client()
                        .call(PluginCall.of("VolumeDriver.Capabilities", Able.class)
                                .timeout(TrialWorld.PATIENCE))) // however busy the machine is
                .blockLast(TrialWorld.PATIENCE)).isEqualTo(new Able(new Scope("local")));
    }
}
