package dev.patchbay.authz;

import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.authz.AuthzWorld.some;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.Force;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.authz.Verdict.Allowed;
import dev.patchbay.authz.Verdict.Cure;
import dev.patchbay.authz.Verdict.Denied;
import dev.patchbay.authz.Verdict.Failed;
import dev.patchbay.client.ScriptedPlugin.Behaviour;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/** Those whom the operator named: they must be there, come first, and nobody stands in for them. */
@Timeout(60)
class NamedPluginsTest {
    private static final AuthzRequest LIST = new AuthzRequest(AuthzUser.UNKNOWN, "GET", "/plugins", Map.of(),
            Optional.empty());
    private static final AuthzResponse FINE = new AuthzResponse(200, Map.of(), Optional.empty());
    private static final Behaviour DENY = Behaviour.json("{\"Allow\":false,\"Msg\":\"not you\"}");

    private final AuthzWorld world = new AuthzWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private static Verdict ask(AuthzChain chain) {
        return some(some(chain.begin()).request(LIST));
    }

    @Test
    @DisplayName("D74: one that cannot be had is refused at the start, and later denied, with a sentence")
    void wantsThoseThatAreNamedD74() {
        assertThatThrownBy(() -> world.chain("nobody")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("authorization plugin \"nobody\" is not installed");
        world.installed("authz", "docker.authz/1.0");
        assertThatThrownBy(() -> world.chain("authz")).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("authorization plugin \"authz\" is not enabled");
        world.installed("volumes", "docker.volumedriver/1.0");
        world.enable("volumes");
        assertThatThrownBy(() -> world.chain("volumes")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("authorization plugin \"volumes\" is none: it does not declare docker.authz/1.0");
    }

    @Test
    void asksALegacyPluginThatIsNamed() {
        var legacy = world.legacy("old").on(REQUEST, DENY);
        AuthzChain chain = world.chain("old");
        assertThat(ask(chain)).isEqualTo(new Denied("old", "not you"));
        assertThat(legacy.received(REQUEST)).hasSize(1);
    }

    @Test
    void deniesWhileALegacyPluginThatIsNamedIsGone() throws IOException {
        var legacy = world.legacy("old");
        AuthzChain chain = world.chain("old");
        AuthzRound round = some(chain.begin());
        assertThat(some(round.request(LIST))).isEqualTo(new Allowed());
        legacy.close();
        assertThat(some(round.response(LIST, FINE))).as("at once").isInstanceOf(Failed.class);
        Flux.interval(Duration.ofMillis(10))
                .concatMap(_ -> world.plugins().legacyPlugins().collectList())
                .takeUntil(List::isEmpty)
                .blockLast(PATIENCE);
        assertThat(some(round.response(LIST, FINE))).as("under way").isInstanceOf(Failed.class);
        assertThat(ask(chain)).as("new")
                .isInstanceOfSatisfying(Failed.class,
                        failed -> assertThat(failed.sentence()).startsWith("plugin old failed with error: "));
        world.legacy("old");
        assertThat(ask(chain)).as("back").isEqualTo(new Allowed());
    }

    @Test
    void letsNoManagedPluginStandInForALegacyOne() {
        world.legacy("old");
        AuthzChain chain = world.chain("old");
        var other = world.enabled("old");
        assertThat(ask(chain)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.sentence())
                    .isEqualTo("plugin old failed with error: AuthZPlugin.AuthZReq: the legacy"
                            + " plugin that was named is hidden by a managed one of the same name, which is not asked in its place");
            assertThat(failed.cure()).isEqualTo(Cure.REPAIR);
        });
        assertThat(other.received()).isEmpty();
    }

    @Test
    void saysWhyALegacyPluginCannotBeUsed() {
        world.legacy("old").on("Plugin.Activate", Behaviour.json("{\"Implements\":[\"VolumeDriver\"]}"));
        assertThatThrownBy(() -> world.chain("old")).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("authorization plugin \"old\" cannot be used: ");
    }

    @Test
    void asksInTheOrderOfTheNames() {
        var a = world.enabled("a").on(REQUEST, Behaviour.json("{\"Allow\":false,\"Msg\":\"a\"}"));
        var b = world.enabled("b").on(REQUEST, Behaviour.json("{\"Allow\":false,\"Msg\":\"b\"}"));
        assertThat(ask(world.chain("b", "a"))).isEqualTo(new Denied("b:latest", "b"));
        assertThat(ask(world.chain("a", "b"))).isEqualTo(new Denied("a:latest", "a"));
        assertThat(a.received(REQUEST)).hasSize(1);
        assertThat(b.received(REQUEST)).hasSize(1);
    }

    @Test
    void deniesWhenWhatIsNamedHasBecomeSomethingElse() {
        world.enabled("authz");
        AuthzChain chain = world.chain("authz");
        world.plugins().remove("authz", Force.YES).block(PATIENCE);
        world.installed("authz", "docker.volumedriver/1.0");
        world.enable("authz");
        assertThat(ask(chain)).isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.sentence())
                .startsWith("plugin authz:latest failed with error: AuthZPlugin.AuthZReq: "));
    }
}
