package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.image.MediaType;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registries behind a proxy, which alone knows their names. */
@Timeout(60)
class ProxyTest {
    private static final Reference REMOTE = Reference.parse("registry.invalid:5000/some/plugin:1.0");

    private static RawManifest pulled(Map<String, String> environment) {
        HttpRegistry registry = HttpRegistry.open(RegistryWorld.impatient(
                config -> config.environment(environment).insecure(List.of("registry.invalid:5000"))));
        try {
            return Objects.requireNonNull(registry
                    .repository(REMOTE, Registry.Action.PULL, RegistryAccess.ANONYMOUS)
                    .manifest(REMOTE)
                    .block(RegistryWorld.PATIENCE));
        } finally {
            registry.close().block(RegistryWorld.PATIENCE);
        }
    }

    @Test
    void reachesARegistryThroughATunnelWithThePasswordOfTheProxy() throws IOException {
        try (var server = FakeRegistryServer.start(); var proxy = new TunnelProxy(server.port())) {
            var digest = server.putManifest(RegistryWorld.NAME, "1.0", MediaType.DOCKER_MANIFEST,
                    RegistryWorld.MANIFEST);
            String url = proxy.url("user:s3cret@");

            assertThat(pulled(Map.of("HTTP_PROXY", url, "HTTPS_PROXY", url)).digest()).isEqualTo(digest);
            assertThat(proxy.heads()).contains("CONNECT registry.invalid:5000 HTTP/1.1")
                    .anyMatch(line -> line.equalsIgnoreCase("proxy-authorization: Basic dXNlcjpzM2NyZXQ="));
            assertThat(server.requests()).noneMatch(seen -> seen.header("Proxy-Authorization").isPresent());
        }
    }
}
