package dev.patchbay.web.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.registry.Credentials;
import dev.patchbay.registry.RegistryAccess;
import dev.patchbay.web.Body;
import dev.patchbay.web.Caller;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.Target;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class RegistryAuthTest {
    private static final Credentials PASSWORD = new Credentials.Password("me", "pä>?ss");

    @Test
    void readsUserAndPasswordPaddedOrNot() {
        String json = "{\"username\":\"me\",\"password\":\"pä>?ss\",\"serveraddress\":\"r:5000\"}";
        byte[] bytes = json.getBytes(UTF_8);
        assertThat(access(Base64.getUrlEncoder().encodeToString(bytes)).credentials()).isEqualTo(PASSWORD);
        assertThat(access(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)).credentials())
                .isEqualTo(PASSWORD);
    }

    @Test
    void readsThePairInAuth() {
        String pair = Base64.getEncoder().encodeToString("me:pä>?ss".getBytes(UTF_8));
        assertThat(of("{\"auth\":\"" + pair + "\"}")).isEqualTo(PASSWORD);
        assertThat(of("{\"auth\":\"!\"}")).isEqualTo(new Credentials.Anonymous());
        assertThat(of("{\"auth\":\"bWU=\"}")).isEqualTo(new Credentials.Anonymous());
    }

    @Test
    @DisplayName("D27: tokens count, the most particular one first")
    void prefersTokensD27() {
        assertThat(of("{\"username\":\"me\",\"password\":\"x\",\"identitytoken\":\"i\"}"))
                .isEqualTo(new Credentials.IdentityToken("i"));
        assertThat(of("{\"identitytoken\":\"i\",\"registrytoken\":\"r\"}"))
                .isEqualTo(new Credentials.RegistryToken("r"));
        assertThat(of("{\"IdentityToken\":\"i\",\"registrytoken\":null}"))
                .isEqualTo(new Credentials.IdentityToken("i"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = {"{}", "[]", "null", "{", "{\"username\":\"me\"}",
                    "{\"password\":\"x\"}", "{\"username\":\"me\",\"password\":7}",
                    "{\"username\":\"\",\"password\":\"x\"}"})
    void takesWhatMakesNoSenseForNobody(String json) {
        assertThat(of(json)).isEqualTo(new Credentials.Anonymous());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%%%", "e30", "e30=", "e30=x", "a"})
    void takesAHeaderThatIsNotBase64ForNobody(String header) {
        assertThat(access(header).credentials()).isEqualTo(new Credentials.Anonymous());
    }

    @Test
    @DisplayName("D23: the client's X-Meta headers are passed on, all their values and no other header")
    void passesHeadersOnD23() {
        HttpHeaders headers = new DefaultHttpHeaders().add("X-Meta-A", "1")
                .add("x-meta-a", "2")
                .add("x-META-b", "3")
                .add("X-Metal", "no")
                .add("Authorization", "no");
        assertThat(RegistryAuth.access(exchange(headers)).headers())
                .isEqualTo(Map.of("X-Meta-A", List.of("1", "2"), "x-META-b", List.of("3")));
    }

    @Test
    void showsNoSecretInItsText() {
        assertThat(access(Base64.getUrlEncoder()
                .encodeToString("{\"username\":\"me\",\"password\":\"hunter2\"}".getBytes(UTF_8))).toString())
                .doesNotContain("hunter2");
    }

    private static Credentials of(String json) {
        return access(Base64.getUrlEncoder().encodeToString(json.getBytes(UTF_8))).credentials();
    }

    private static RegistryAccess access(String header) {
        return RegistryAuth.access(exchange(new DefaultHttpHeaders().add(RegistryAuth.HEADER, header)));
    }

    private static Exchange exchange(HttpHeaders headers) {
        return new Exchange(new Target(HttpMethod.GET, "/", "", Map.of(), Map.of()), headers,
                new Body(Flux.empty(), OptionalLong.of(0), 1),
                new Caller("r", Caller.Transport.UNIX, "", List.of(), Optional.empty()), Mono.never());
    }
}
