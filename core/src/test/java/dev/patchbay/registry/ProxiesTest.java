package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
    private static String on(Map<String, String> environment, String url) {
        return new Proxies(environment).on(Origin.of(URI.create(url))).map(Proxy::toString).orElse("direct");
    }

    @Test
    void choosesByTheSchemeOfTheUrl() {
        var environment = Map.of("HTTP_PROXY", "http://plain:3128", "https_proxy", "secure:8080");
        assertThat(on(environment, "http://registry.example")).isEqualTo("plain:3128");
        assertThat(on(environment, "https://registry.example")).isEqualTo("secure:8080");
        assertThat(on(Map.of(), "https://registry.example")).isEqualTo("direct");
    }

    @Test
    void prefersCapitals() {
        assertThat(on(Map.of("HTTPS_PROXY", "one:1", "https_proxy", "two:2"), "https://x.example"))
                .isEqualTo("one:1");
    }

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource({"*,https://a.example,true", "example.com,https://example.com,true",
            "example.com,https://sub.example.com,true", "example.com,https://badexample.com,false",
            ".example.com,https://example.com,false", ".example.com,https://sub.example.com,true",
            "*.example.com,https://sub.example.com,true", "10.0.0.0/8,https://10.1.2.3,true",
            "10.0.0.0/8,https://11.1.2.3,false", "10.1.2.3,https://10.1.2.3:5000,true",
            "example.com:5000,https://example.com:5000,true", "example.com:5000,https://example.com,false",
            "EXAMPLE.com,https://example.COM,true", "'other , example.com',https://example.com,true",
            "[2001:db8::1]:5000,https://[2001:db8::1]:5000,true", "2001:db8::/32,https://[2001:db8::1],true"})
    void leavesOutWhatNoProxyLists(String rule, String url, boolean isDirect) {
        var environment = Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", rule);
        assertThat(on(environment, url)).isEqualTo(isDirect ? "direct" : "proxy:1");
    }

    @ParameterizedTest
    @CsvSource({"https://localhost:5000", "https://127.0.0.1", "https://127.8.9.1:443", "https://[::1]:5000"})
    void neverAsksAProxyForThisMachine(String url) {
        assertThat(on(Map.of("HTTPS_PROXY", "http://proxy:1"), url)).isEqualTo("direct");
    }

    @Test
    void readsUserAndPasswordAndTellsNobody() {
        var proxy = Proxy.parse("HTTPS_PROXY", "http://us%65r:p%40ss+word@proxy");
        assertThat(proxy.username() + " " + proxy.password()).isEqualTo("user p@ss+word");
        assertThat(proxy.toString()).isEqualTo("proxy:80");
    }

    @Test
    void refusesWhatIsNoProxyWithoutRepeatingIt() {
        assertThatThrownBy(
                () -> RegistryConfig.of(c -> c.environment(Map.of("HTTPS_PROXY", "http://u:s3cret@[x"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("HTTPS_PROXY is not the URL of a proxy");
        assertThatThrownBy(() -> RegistryConfig.of(c -> c.environment(Map.of("HTTP_PROXY", "ftp://proxy:1"))))
                .hasMessage("HTTP_PROXY names a proxy that is neither http nor socks5");
    }
}
