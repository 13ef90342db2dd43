package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is told what: credentials, headers, tokens, mirrors, redirects. */
@Timeout(60)
class AccessTest {
    private final FakeRegistryServer mirror = FakeRegistryServer.start();
    private final RegistryWorld world = new RegistryWorld(config -> config
            .mirrors(List.of(URI.create(mirror.origin() + "/some/path/"))));

    @AfterEach
    void close() throws InterruptedException {
        world.close();
        mirror.close();
    }

    @Test
    void provesWhoItIsWithAPassword() {
        world.server.requireBasic("user", "s3cret");
        assertThat(world.pull(world.repository(RegistryWorld.USER)).bytes())
                .isEqualTo(RegistryWorld.MANIFEST);
        assertThatThrownBy(() -> world.pull(world.repository(new Credentials.Password("user", "wr0ng"))))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining(
                        "pull access denied, repository does not exist or may require authorization: ")
                .hasMessageContaining(world.server.host())
                .hasMessageNotContaining("wr0ng");
        assertThatThrownBy(() -> world.pull(world.repository()))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("it wants a user name and a password");
    }

    @Test
    void asksForATokenOnceAndForPluginsToo() {
        world.server.requireToken("user", "s3cret");
        var repository = world.repository(RegistryWorld.USER);
        world.pull(repository);
        world.fetch(repository);
        assertThat(world.requests(".*/token.*")).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(new String(asked.body(), UTF_8))
                    .contains("grant_type=password", "service=fake+registry", "client_id=")
                    .contains(
                            "scope=repository%28plugin%29%3Asome%2Fplugin%3Apull+repository%3Asome%2Fplugin%3Apull");
        });
    }

    @Test
    void asksAServiceThatKnowsNoFormAsOfOld() {
        world.server.requireToken("user", "s3cret");
        world.server.authority().knowsForms(false);
        assertThat(world.pull(world.repository(RegistryWorld.USER)).bytes())
                .isEqualTo(RegistryWorld.MANIFEST);
        assertThat(world.requests("GET /token.*").getFirst().header("Authorization")).isPresent();
    }

    @Test
    void asksForATokenWithoutBeingAnybody() {
        world.server.requireToken("", "");
        assertThat(world.pull(world.repository()).bytes()).isEqualTo(RegistryWorld.MANIFEST);
        assertThat(world.requests("GET /token.*").getFirst().header("Authorization")).isEmpty();
    }

    @Test
    void saysWhatTheTokenServiceSays() {
        world.server.requireToken("user", "s3cret");
        assertThatThrownBy(() -> world.pull(world.repository(new Credentials.Password("user", "wr0ng"))))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("incorrect username or password")
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void renewsATokenThatEndsInTheMiddle() {
        world.server.requireToken("user", "s3cret");
        var repository = world.repository(RegistryWorld.USER);
        world.pull(repository);
        world.server.authority().forgetTokens();
        assertThat(world.fetch(repository)).isEqualTo(RegistryWorld.CONTENT);
        assertThat(world.server.authority().issued()).isEqualTo(2);
    }

    @Test
    void isDeniedWhenCredentialsStopWorkingInTheMiddle() {
        world.server.requireToken("user", "s3cret");
        var repository = world.repository(RegistryWorld.USER);
        world.pull(repository);
        world.server.requireToken("user", "changed");
        assertThatThrownBy(() -> world.fetch(repository)).isInstanceOf(RegistryException.Denied.class)
                .hasMessageStartingWith("pull access denied");
        world.server.requireBasic("user", "s3cret");
        var other = world.repository(RegistryWorld.USER);
        world.pull(other);
        world.server.requireBasic("user", "changed");
        assertThatThrownBy(() -> world.fetch(other)).isInstanceOf(RegistryException.Denied.class);
    }

    @Test
    void usesAnIdentityToken() {
        world.server.requireToken("user", "s3cret");
        assertThat(world.pull(world.repository(new Credentials.IdentityToken("refresh-user"))).bytes())
                .isEqualTo(RegistryWorld.MANIFEST);
        assertThatThrownBy(() -> world.pull(world.repository(new Credentials.IdentityToken("refresh-wr0ng"))))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void sendsARegistryTokenAsItIsD27() {
        world.pull(world.repository(new Credentials.RegistryToken("given")));
        assertThat(world.requests("GET .*manifests.*").getFirst().header("Authorization"))
                .contains("Bearer given");
        world.server.requireBasic("user", "s3cret");
        assertThatThrownBy(() -> world.pull(world.repository(new Credentials.RegistryToken("given"))))
                .isInstanceOf(RegistryException.Denied.class);
    }

    @Test
    void sendsCallersHeadersOnEachRequestAndEachRetryD23() {
        world.server.requireToken("user", "s3cret");
        world.server.fail("GET .*manifests", Fault.status(401, "WWW-Authenticate", "Basic"),
                Fault.status(500));
        world.server.fail("GET .*blobs", Fault.closeAfter(3));
        var repository = world.repository(RegistryWorld.USER);
        world.pull(repository);
        world.fetch(repository);
        assertThat(world.requests("GET /v2/.*")).hasSizeGreaterThan(4)
                .allSatisfy(seen -> assertThat(seen.header("X-Meta-Key")).contains("value"));
        assertThat(world.requests(".*/token.*")).allSatisfy(
                seen -> assertThat(seen.header("X-Meta-Key")).isEmpty());
    }

    @Test
    void tellsARedirectsTargetNothing() {
        world.server.requireBasic("user", "s3cret");
        mirror.putBlob(RegistryWorld.NAME, RegistryWorld.CONTENT);
        world.server.failAlways("GET .*blobs/", Fault.redirect(mirror.origin() + "/v2/some/plugin/blobs/"
                + world.blob.digest()));
        assertThat(world.fetch(world.repository(RegistryWorld.USER))).isEqualTo(RegistryWorld.CONTENT);
        assertThat(mirror.requests()).isNotEmpty().allSatisfy(seen -> {
            assertThat(seen.header("Authorization")).isEmpty();
            assertThat(seen.header("X-Meta-Key")).isEmpty();
        });
    }

    @Test
    void showsARedirectsTargetNothingThoughItAsks() {
        mirror.requireBasic("user", "s3cret");
        world.server.failAlways("GET .*blobs/", Fault.redirect(mirror.origin() + "/v2/x"));
        assertThatThrownBy(() -> world.fetch(world.repository(RegistryWorld.USER)))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining(mirror.host());
        assertThat(mirror.requests()).isNotEmpty()
                .allSatisfy(seen -> assertThat(seen.header("Authorization")).isEmpty());
    }

    @Test
    void followsTenRedirectsAndNoMore() {
        Fault[] ten = IntStream.range(0, 10)
                .mapToObj(i -> Fault.redirect("/v2/some/plugin/manifests/1.0?n=" + i))
                .toArray(Fault[]::new);
        world.server.fail("GET .*manifests", ten);
        assertThat(world.pull(world.repository()).bytes()).isEqualTo(RegistryWorld.MANIFEST);
        world.server.behave();
        world.server.fail("GET .*manifests", ten);
        world.server.fail("GET .*manifests", Fault.redirect("/v2/some/plugin/manifests/1.0?n=10"));
        assertThatThrownBy(() -> world.pull(world.repository())).isInstanceOf(RegistryException.Broken.class)
                .hasMessageContaining("redirects more than 10 times");
    }

    @Test
    void tellsOfBothWaysToAnInsecureRegistryD26() {
        world.server.failAlways("GET .*manifests", Fault.hang());
        assertThatThrownBy(() -> world.pull(world.repository()))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageMatching(
                        "cannot fetch .* http://" + world.server.host() + " did not answer within 500 ms.*")
                .hasMessageContaining("(before that: ")
                .hasMessageContaining("https://" + world.server.host() + " does not speak TLS");
    }

    @Test
    void remembersWhichWayAnInsecureRegistryAnswers() {
        var repository = world.repository();
        world.pull(repository);
        world.fetch(repository);
        assertThat(world.server.requests()).allSatisfy(seen -> assertThat(seen.uri()).startsWith("/v2/"));
    }

    @Test
    void knowsMirrorsOfTheHubOnly() {
        world.pull(world.repository());
        assertThat(mirror.requests()).isEmpty();
    }

    @Test
    void saysWhatDoesNotFitIntoAHeaderWithoutRepeatingIt() {
        var repository = world.repository(new Credentials.RegistryToken("tok\r\nX-Evil: 1"));
        assertThatThrownBy(() -> world.pull(repository)).isInstanceOf(RegistryException.Broken.class)
                .hasMessageContaining("the value for Authorization does not fit into a header")
                .hasNoCause();
        assertThat(world.server.requests()).isEmpty();
    }

    @Test
    void showsNoValuesOfHeaders() {
        assertThat(new RegistryAccess(RegistryWorld.USER, Map.of("X-Meta-Key", List.of("hidden"))).toString())
                .contains("X-Meta-Key")
                .doesNotContain("hidden", "s3cret");
    }
}
