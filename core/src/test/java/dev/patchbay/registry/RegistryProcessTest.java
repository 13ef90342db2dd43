package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.registry.RegistryProcess.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real registry that other tests lean on. */
final class RegistryProcessTest {
    @RegisterExtension
    static final RealRegistry OPEN = RealRegistry.open();

    @RegisterExtension
    static final RealRegistry GUARDED = RealRegistry.withLogin("ann", "p:ä ss");

    @Test
    void answersWhenItIsThere() throws IOException {
        assertThat(status(OPEN, "/v2/", "")).isEqualTo(200);
    }

    @Test
    void letsInWhoHasThePassword() throws IOException {
        assertThat(status(GUARDED, "/v2/", "")).isEqualTo(401);
        assertThat(status(GUARDED, "/v2/", "ann:other")).isEqualTo(401);
        assertThat(status(GUARDED, "/v2/", "ann:p:ä ss")).isEqualTo(200);
    }

    @Test
    void tellsWhichRequestsCame() {
        assertThat(OPEN.get().requestsDuring(() -> {
            try {
                status(OPEN, "/v2/a/b/manifests/none", "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        })).containsExactly(new Request("GET", "/v2/a/b/manifests/none", 404));
    }

    @Test
    void leavesNothingBehind() throws IOException {
        Path folder;
        try (var registry = RegistryProcess.start(Optional.empty())) {
            folder = registry.content().resolveSibling("config.yml").getParent();
            assertThat(folder).exists();
        }
        assertThat(Files.exists(folder)).isFalse();
    }

    private static int status(RealRegistry registry, String path, String login) throws IOException {
        var url = URI.create("http://" + registry.get().address() + path).toURL();
        var http = (HttpURLConnection) url.openConnection();
        if (!login.isEmpty()) {
            byte[] bytes = login.getBytes(StandardCharsets.UTF_8);
            http.setRequestProperty("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        try {
            return http.getResponseCode();
        } finally {
            http.disconnect();
        }
    }
}
