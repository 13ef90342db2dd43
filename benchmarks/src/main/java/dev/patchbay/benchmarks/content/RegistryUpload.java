package dev.patchbay.benchmarks.content;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Publishes an image in a registry on loopback, without any code of ours that is measured (OCI distribution, push). */
public final class RegistryUpload {
    private final HttpClient http;
    private final URI registry;
    private final String repository;

    private RegistryUpload(HttpClient http, String address, String repository) {
        this.http = http;
        this.registry = URI.create("http://" + address);
        this.repository = repository;
    }

    /** Publishes a plugin under a tag. */
    public static void publish(BigPlugin plugin, String address, String repository, String tag)
            throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var upload = new RegistryUpload(http, address, repository);
            for (BigPlugin.Layer layer : plugin.layers()) {
                upload.blob(layer.digest(), BodyPublishers.ofFile(layer.file()));
            }
            upload.blob(BigPlugin.digestOf(plugin.config()), BodyPublishers.ofByteArray(plugin.config()));
            upload.manifest(tag, plugin.manifest());
        }
    }

    private void blob(String digest, BodyPublisher content) throws IOException, InterruptedException {
        URI begin = registry.resolve("/v2/" + repository + "/blobs/uploads/");
        HttpResponse<String> begun = send(HttpRequest.newBuilder(begin).POST(BodyPublishers.noBody()));
        URI place = begin.resolve(begun.headers().firstValue("Location").orElseThrow());
        String target = place + (place.getRawQuery() == null ? "?" : "&") + "digest=" + digest;
        send(HttpRequest.newBuilder(URI.create(target))
                .header("Content-Type", "application/octet-stream")
                .PUT(content));
    }

    private void manifest(String tag, byte[] manifest) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(registry.resolve("/v2/" + repository + "/manifests/" + tag))
                .header("Content-Type", "application/vnd.docker.distribution.manifest.v2+json")
                .PUT(BodyPublishers.ofByteArray(manifest)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("the registry answers " + response.statusCode() + ": " + response.body());
        }
        return response;
    }
}
