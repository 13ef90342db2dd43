package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** DNS says that every name is this machine. */
class InsecureHostsTest {
    private final InsecureHosts hosts = new InsecureHosts(
            List.of("listed.example", "ported.example:5000", "10.0.0.0/8"),
            _ -> Mono.fromCallable(() -> List.of(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}))));

    @ParameterizedTest
    @CsvSource({
            "https://any.example, UNVERIFIED, VERIFIED",
            "https://listed.example, UNVERIFIED, UNVERIFIED",
            "http://ported.example:5000, UNVERIFIED, UNVERIFIED",
            "https://10.1.2.3, UNVERIFIED, UNVERIFIED",
            "https://127.0.0.2:5000, UNVERIFIED, UNVERIFIED",
            "https://[::1]:5000, UNVERIFIED, UNVERIFIED",
            "http://localhost:5000, UNVERIFIED, UNVERIFIED",
    })
    void letsDnsWeakenNothingThatAVerifiedHostLeadsTo(String url, Trust fromAnybody, Trust fromVerified) {
        var origin = Origin.of(URI.create(url));
        assertThat(hosts.trust(origin).block()).isEqualTo(fromAnybody);
        assertThat(hosts.trust(origin, Trust.UNVERIFIED).block()).isEqualTo(fromAnybody);
        assertThat(hosts.trust(origin, Trust.VERIFIED).block()).isEqualTo(fromVerified);
    }

    @Test
    void letsDnsMakeARegistryInsecureButNeverTheHub() {
        var endpoints = new Endpoints(RegistryConfig.DEFAULT, hosts);
        assertThat(Objects.requireNonNull(endpoints.of("any.example").block()))
                .extracting(Endpoint::trust)
                .containsExactly(Trust.UNVERIFIED, Trust.UNVERIFIED);
        assertThat(Objects.requireNonNull(endpoints.of("docker.io").block()))
                .extracting(Endpoint::trust)
                .containsExactly(Trust.VERIFIED);
    }
}
