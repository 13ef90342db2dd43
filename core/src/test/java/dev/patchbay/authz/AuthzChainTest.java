package dev.patchbay.authz;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.RESPONSE;
import static dev.patchbay.authz.AuthzWorld.some;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.Force;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginClient;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Provider;
import dev.patchbay.UnaskedPlugins;
import dev.patchbay.UncalledClient;
import dev.patchbay.authz.Verdict.Allowed;
import dev.patchbay.authz.Verdict.Cure;
import dev.patchbay.authz.Verdict.Denied;
import dev.patchbay.authz.Verdict.Failed;
import dev.patchbay.client.ScriptedPlugin;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Subscription;
import dev.patchbay.executor.ExitStatus;
import dev.patchbay.executor.FakeBehaviour;
import dev.patchbay.plugin.InterfaceType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Who is asked, what they are told, and what comes of it. */
@Timeout(60)
class AuthzChainTest {
    private static final AuthzRequest LIST = new AuthzRequest(AuthzUser.UNKNOWN, "GET", "/plugins", Map.of(),
            Optional.empty());
    private static final AuthzResponse FINE = new AuthzResponse(200,
            Map.of("Content-Type", "application/json"),
            Optional.of("[]".getBytes(StandardCharsets.UTF_8)));
    private static final Behaviour DENY = Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}");
    private static final Duration SOON = Duration.ofMillis(150);

    private final AuthzWorld world = new AuthzWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private static AuthzRound begin(AuthzChain chain) {
        return some(chain.begin());
    }

    private Verdict ask(AuthzChain chain) {
        return some(begin(chain).request(LIST));
    }

    private static List<String> bodies(ScriptedPlugin plugin, String method) {
        return plugin.received(method).stream().map(request -> request.text()).toList();
    }

    @Test
    void asksNobodyIfNobodyIsThere() {
        world.installed("volumes", "docker.volumedriver/1.0");
        world.installed("authz", "docker.authz/1.0");
        assertThat(begin(world.chain()).isEmpty()).isTrue();
    }

    @Test
    void tellsWhatDockerTells() {
        var plugin = world.enabled("authz");
        var request = new AuthzRequest(
                new AuthzUser("bob", "TLS", List.of("PEM".getBytes(StandardCharsets.UTF_8))),
                "POST", "/v1.44/plugins/x/set?a=b", Map.of("X-A", "b"),
                Optional.of("[\"A=1\"]".getBytes(StandardCharsets.UTF_8)));
        AuthzRound round = begin(world.chain());
        assertThat(some(round.request(request))).isEqualTo(new Allowed());
        assertThat(some(round.response(request, FINE))).isEqualTo(new Allowed());
        String common = "{\"User\":\"bob\",\"UserAuthNMethod\":\"TLS\",\"RequestMethod\":\"POST\","
                + "\"RequestUri\":\"/v1.44/plugins/x/set?a=b\",\"RequestBody\":\"WyJBPTEiXQ==\","
                + "\"RequestHeaders\":{\"X-A\":\"b\"},\"RequestPeerCertificates\":[\"UEVN\"]";
        assertThat(bodies(plugin, REQUEST)).containsExactly(common + "}\n");
        assertThat(bodies(plugin, RESPONSE)).containsExactly(common + ",\"ResponseStatusCode\":200,"
                + "\"ResponseBody\":\"W10=\",\"ResponseHeaders\":{\"Content-Type\":\"application/json\"}}\n");
    }

    @Test
    void leavesOutWhatIsEmpty() {
        var plugin = world.enabled("authz");
        ask(world.chain());
        assertThat(bodies(plugin, REQUEST))
                .containsExactly("{\"RequestMethod\":\"GET\",\"RequestUri\":\"/plugins\"}\n");
    }

    @Test
    void asksThoseThatAreNamedFirstAndEachOnce() {
        var a = world.enabled("a");
        var b = world.enabled("b").on(REQUEST, DENY);
        AuthzChain chain = world.chain("b", "b:latest", world.id("b").hex());
        assertThat(ask(chain)).isEqualTo(new Denied("b:latest", "not you"));
        assertThat(a.received()).as("the first denial wins").isEmpty();
        b.on(REQUEST, ALLOW);
        assertThat(ask(chain)).isEqualTo(new Allowed());
        assertThat(a.received()).hasSize(1);
        assertThat(b.received()).hasSize(2);
    }

    @Test
    void deniesAnswersToo() {
        world.enabled("authz").on(RESPONSE, DENY);
        AuthzRound round = begin(world.chain());
        assertThat(some(round.request(LIST))).isEqualTo(new Allowed());
        assertThat(some(round.response(LIST, FINE))).isEqualTo(new Denied("authz:latest", "not you"));
    }

    static Stream<Arguments> deeds() {
        String name = "plugin authz:latest failed with error: AuthZPlugin.AuthZReq: ";
        return Stream.of(
                arguments("hangs", Behaviour.hang(), name + ".*within 150 ms"),
                arguments("answers with garbage", Behaviour.json("<html>"), name + ".*cannot be read.*"),
                arguments("answers with nothing", Behaviour.json(""), name + ".*cannot be read.*"),
                arguments("answers with a list", Behaviour.json("[true]"), name + ".*"),
                arguments("answers with true", Behaviour.json("true"), name + ".*"),
                arguments("answers with a text for a yes", Behaviour.json("{\"Allow\":\"true\"}"),
                        name + "the answer makes no sense.*"),
                arguments("closes", Behaviour.close(), name + ".*closed the connection.*"),
                arguments("fails", Behaviour.status(500, "{\"Err\":\"bad day\"}"), name + "bad day"),
                arguments("fails and says yes", Behaviour.status(500, "{\"Allow\":true}"), name + ".*"),
                arguments("D75: says yes and an error",
                        Behaviour.json("{\"Allow\":true,\"Err\":\"bad day\"}"),
                        name + "bad day"));
    }

    @ParameterizedTest(name = "one that {0}")
    @MethodSource("deeds")
    void deniesWhenAPlugin(String deed, Behaviour behaviour, String sentence) {
        world.enabled("authz").on(REQUEST, behaviour);
        AuthzChain chain = some(AuthzChain.open(world.plugins(),
                new AuthzOptions(List.of(), deed.equals("hangs") ? SOON : PATIENCE)));
        assertThat(ask(chain)).isInstanceOfSatisfying(Failed.class,
                failed -> assertThat(failed.sentence()).matches(sentence));
    }

    @Test
    void survivesOneConnectionThatBreaks() {
        world.enabled("authz").on(REQUEST, Behaviour.close(), ALLOW);
        assertThat(ask(world.chain())).isEqualTo(new Allowed());
    }

    @Test
    void givesBothTriesTogetherTheTimeOfOne() {
        var given = new ArrayList<Duration>();
        AuthzChain chain = some(AuthzChain.open(calling(new UncalledClient() {
            @Override
            public <A> Mono<A> call(PluginCall<A> call) {
                given.add(call.timeout().orElseThrow());
                return Mono.error(new PluginCallException.Broken(
                        new PluginCallException.Call("old", call.method()), "closes", null));
            }
        }), AuthzOptions.naming(List.of("old"))));
        assertThat(ask(chain)).isInstanceOf(Failed.class);
        assertThat(given).hasSize(2).first().isEqualTo(AuthzOptions.TIMEOUT);
        assertThat(given.getLast()).isLessThan(AuthzOptions.TIMEOUT);
    }

    /** An engine that knows of one legacy plugin. */
    private static Plugins calling(PluginClient client) {
        return new UnaskedPlugins() {
            @Override
            public Flux<Provider> byCapability(String capability) {
                return Flux.empty();
            }

            @Override
            public Mono<PluginView> inspect(String nameOrId) {
                return Mono.error(new PluginNotFoundException(nameOrId));
            }

            @Override
            public Mono<PluginUse> lookUp(String nameOrId, String capability) {
                return Mono.just(new PluginUse(Optional.empty(), nameOrId, InterfaceType.asked(capability),
                        1, client));
            }
        };
    }

    @Test
    void endsTheCallOfWhoeverGoesAway() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var plugin = world.enabled("authz").on(REQUEST, (_, peer) -> {
            asked.countDown();
            peer.awaitEnd();
        });
        // So long that the call does not end by itself while the test waits for that.
        AuthzChain patient = some(AuthzChain.open(world.plugins(),
                new AuthzOptions(List.of(), Duration.ofMinutes(1))));
        var subscription = begin(patient).request(LIST).subscribe();
        assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        subscription.dispose();
        assertThat(plugin.isDownTo(0)).isTrue();
    }

    @Test
    void deniesWhileAPluginThatIsWantedDoesNotRun() {
        world.enabled("authz");
        AuthzChain chain = world.chain("authz");
        world.script("authz", new FakeBehaviour(Duration.ZERO, Set.of(), Set.of(), Optional.empty(),
                Optional.empty(), FakeBehaviour.LISTENS.endsOnTerm(), List.of(Duration.ZERO)));
        some(world.plugins()
                .events(Subscription.NOW)
                .doOnNext(signal -> {
                    if (signal instanceof EventSignal.Subscribed) {
                        world.executor().end(world.id("authz"), new ExitStatus.Exited(1));
                    }
                })
                .ofType(EventSignal.Happened.class)
                .filter(happened -> happened.event().type() == EventType.CRASH)
                .next());
        assertThat(ask(chain)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.cure()).isEqualTo(Cure.TIME);
            assertThat(failed.sentence()).startsWith("plugin authz:latest failed with error: ");
        });
    }

    @Test
    @DisplayName("D28: a disable that fails ends no enforcement; one that succeeds does at once; enable begins it again")
    void followsWhatIsEnabledD28() {
        var plugin = world.enabled("authz").on(REQUEST, DENY);
        AuthzChain chain = world.chain("authz");
        assertThatThrownBy(() -> world.plugins()
                .use("authz", "authz", "a test", _ -> world.plugins().disable("authz", Force.NO))
                .blockLast(PATIENCE)).hasMessageContaining("in use");
        assertThat(ask(chain)).isInstanceOf(Denied.class);

        world.plugins().disable("authz", Force.NO).block(PATIENCE);
        assertThat(begin(chain).isEmpty()).isTrue();
        world.enable("authz");
        assertThat(ask(chain)).isInstanceOf(Denied.class);
        assertThat(plugin.received(REQUEST)).hasSize(2);
    }

    @Test
    @DisplayName("D28: a plugin that is removed by force has left the chain, also if it was named")
    void forgetsWhatIsRemovedD28() {
        world.enabled("authz").on(REQUEST, DENY);
        AuthzChain chain = world.chain("authz");
        world.plugins().remove("authz", Force.YES).block(PATIENCE);
        assertThat(begin(chain).isEmpty()).isTrue();
    }

    @Test
    void passesOverWhoLeavesInTheMiddle() {
        world.enabled("a");
        var b = world.enabled("b").on(RESPONSE, DENY);
        AuthzRound round = begin(world.chain());
        assertThat(some(round.request(LIST))).isEqualTo(new Allowed());
        world.plugins().disable("a", Force.NO).block(PATIENCE);
        assertThat(some(round.response(LIST, FINE))).isEqualTo(new Denied("b:latest", "not you"));
        world.plugins().remove("b", Force.YES).block(PATIENCE);
        assertThat(some(round.response(LIST, FINE))).isEqualTo(new Allowed());
        assertThat(b.received(RESPONSE)).hasSize(1);
    }

    @Test
    void asksNobodyWhoJoinsInTheMiddle() {
        world.enabled("a");
        var b = world.installed("b", "docker.authz/1.0");
        AuthzRound round = begin(world.chain());
        world.enable("b");
        some(round.request(LIST));
        some(round.response(LIST, FINE));
        assertThat(b.received()).isEmpty();
    }

    @Test
    void deniesTheAnswerWhenAPluginDiesAfterTheRequest() {
        var plugin = world.enabled("authz");
        AuthzRound round = begin(world.chain());
        assertThat(some(round.request(LIST))).isEqualTo(new Allowed());
        plugin.on(RESPONSE, Behaviour.close());
        assertThat(some(round.response(LIST, FINE))).isInstanceOf(Failed.class);
    }

    @Test
    void deniesWhenAnAnswerIsTooLong() {
        world.enabled("authz")
                .on(REQUEST,
                        Behaviour.json("{\"Allow\":true,\"Msg\":\"" + "x".repeat(5 << 20) + "\"}"));
        assertThat(ask(world.chain())).isInstanceOf(Failed.class);
    }
}
