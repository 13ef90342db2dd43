package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.reference.Digest;
import dev.patchbay.registry.RegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Puts into a registry what no docker would. Blocking. */
final class RawRegistry {
    private final RegistryProcess registry;
    private final String repository;

    RawRegistry(RegistryProcess registry, String repository) {
        this.registry = registry;
        this.repository = repository;
    }

    /** A manifest's bytes. */
    String manifest(String reference) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri("manifests/" + reference))
                .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
                .build();
        return send(request, 200).body();
    }

    /** Stores a blob. */
    Digest blob(String content) throws IOException, InterruptedException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.sha256(bytes);
        String location = send(
                HttpRequest.newBuilder(uri("blobs/uploads/")).POST(BodyPublishers.noBody()).build(), 202)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        URI target = uri("").resolve(location + (location.contains("?") ? "&" : "?") + "digest=" + digest);
        send(HttpRequest.newBuilder(target).PUT(BodyPublishers.ofByteArray(bytes)).build(), 201);
        return digest;
    }

    /** Stores a manifest or index under a tag. */
    void tag(String tag, String mediaType, String manifest) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(uri("manifests/" + tag))
                .header("Content-Type", mediaType)
                .PUT(BodyPublishers.ofString(manifest))
                .build(), 201);
    }

    private URI uri(String path) {
        return URI.create("http://" + registry.address() + "/v2/" + repository + "/" + path);
    }

    private static HttpResponse<String> send(HttpRequest request, int status)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(request + ": " + answer.body()).isEqualTo(status);
            return answer;
        }
    }
}
