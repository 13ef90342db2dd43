package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoginTest {
    private final FakeRegistryServer server = FakeRegistryServer.start();
    private final HttpRegistry registry = HttpRegistry
            .open(RegistryWorld.impatient(config -> config.hub(URI.create(server.origin()))));

    @AfterEach
    void close() {
        registry.close().block(RegistryWorld.PATIENCE);
        server.close();
    }

    private @Nullable String login(String where, Credentials credentials) {
        return registry.login(where, credentials).block(RegistryWorld.PATIENCE);
    }

    @Test
    void bringsAnIdentityTokenHome() {
        server.requireToken("user", "s3cret");
        assertThat(login(server.host(), RegistryWorld.USER)).isEqualTo("refresh-user");
        assertThat(login(server.host(), new Credentials.IdentityToken("refresh-user")))
                .isEqualTo("refresh-user");
    }

    @Test
    void bringsNothingHomeFromARegistryWithPasswords() {
        server.requireBasic("user", "s3cret");
        assertThat(login(server.host(), RegistryWorld.USER)).isEmpty();
    }

    @Test
    void isDenied() {
        server.requireBasic("user", "changed");
        assertThatThrownBy(() -> login(server.host(), RegistryWorld.USER))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageStartingWith("login denied: cannot log in: http://" + server.host() + " refuses")
                .hasMessageNotContaining("s3cret");
        server.requireToken("user", "changed");
        assertThatThrownBy(() -> login(server.host(), RegistryWorld.USER))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("incorrect username or password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "docker.io", "https://index.docker.io/v1/", "index.docker.io"})
    void findsTheHubByAllItsNames(String name) {
        assertThat(login(name, RegistryWorld.USER)).isEmpty();
        assertThat(server.requests()).isNotEmpty();
    }

    @Test
    void takesUrlsToo() {
        assertThat(login("http://" + server.host() + "/v2/", RegistryWorld.USER)).isEmpty();
    }

    @Test
    void saysWhatIsNoAddress() {
        assertThatThrownBy(() -> login("not a host", RegistryWorld.USER))
                .isInstanceOf(RegistryException.NotFound.class)
                .hasMessage("cannot log in: \"not a host\" is not the address of a registry");
    }
}
