package dev.patchbay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPolicyTest {
    private final HostPolicy policy = new HostPolicy(Set.of("Patch.example"));

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1:2375", "[::1]:2375", "[::1]",
            "patch.example:1",
            "192.0.2.7:99"})
    void admitsItsOwnNames(String host) {
        assertThatCode(() -> policy.check(HttpMethod.POST, headers("Host", host), "192.0.2.7"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "localhost.evil.example", "evil.example:127.0.0.1", "", "192.0.2.8",
                    "localhost@evil.example", "api.moby.localhost", "127.0.0.1.evil.example:80"})
    void refusesForeignNamesOnTcp(String host) {
        assertRefused(() -> policy.check(HttpMethod.GET, headers("Host", host), "192.0.2.7"), 403);
    }

    @Test
    void refusesARequestWithoutOrWithTwoHosts() {
        assertRefused(() -> policy.check(HttpMethod.GET, new DefaultHttpHeaders(), "192.0.2.7"), 403);
        HttpHeaders two = headers("Host", "localhost").add("Host", "evil.example");
        assertRefused(() -> policy.check(HttpMethod.GET, two, "192.0.2.7"), 400);
    }

    @Test
    void admitsAnyHostOnAUnixSocket() {
        assertThatCode(() -> policy.check(HttpMethod.POST, headers("Host", "api.moby.localhost"), ""))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"POST, http://evil.example", "DELETE, null", "PUT, http://localhost:81",
            "POST, https://evil.localhost:80"})
    void refusesChangesFromForeignPages(String method, String origin) {
        HttpHeaders headers = headers("Host", "localhost:80").set("Origin", origin);
        assertRefused(() -> policy.check(HttpMethod.valueOf(method), headers, "127.0.0.1"), 403);
        assertRefused(() -> policy.check(HttpMethod.valueOf(method), headers, ""), 403);
    }

    @Test
    void refusesWebSocketsFromForeignPages() {
        HttpHeaders headers = headers("Host", "localhost").set("Origin", "http://evil.example");
        assertThatCode(() -> policy.check(HttpMethod.GET, headers, "127.0.0.1")).doesNotThrowAnyException();
        assertRefused(() -> policy.check(HttpMethod.GET, headers.set("Upgrade", "websocket"), "127.0.0.1"),
                403);
    }

    @Test
    void admitsItsOwnPages() {
        HttpHeaders headers = headers("Host", "localhost:80").set("Origin", "http://localhost:80")
                .set("Upgrade", "x");
        assertThatCode(() -> policy.check(HttpMethod.GET, headers, "127.0.0.1")).doesNotThrowAnyException();
        assertThatCode(() -> policy.check(HttpMethod.POST, headers, "127.0.0.1")).doesNotThrowAnyException();
    }

    private static HttpHeaders headers(String name, String value) {
        return new DefaultHttpHeaders().set(name, value);
    }

    private static void assertRefused(ThrowingCallable check, int status) {
        assertThatThrownBy(check).isInstanceOfSatisfying(HttpFailure.class,
                failure -> assertThat(failure.status()).isEqualTo(status));
    }
}
