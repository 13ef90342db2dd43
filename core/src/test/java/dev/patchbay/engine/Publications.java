package dev.patchbay.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.ImageManifest;
import dev.patchbay.image.Manifest;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.PluginImage;
import dev.patchbay.image.PluginManifest;
import dev.patchbay.image.RawManifest;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.reference.Digest;
import dev.patchbay.store.SampleImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Plugins to publish in tests. */
final class Publications {
    /** What {@link #privileged} asks for. */
    static final List<Privilege> PRIVILEGES = List.of(
            new Privilege("network", "permissions to access a network", List.of("host")),
            new Privilege("mount", "host path to mount", List.of("/var/lib/a")));

    private Publications() {}

    /** A plugin whose environment has these variables, {@code NAME=VALUE}, all of them settable. */
    static SampleImage withEnv(String content, String... env) {
        String variables = List.of(env)
                .stream()
                .map(variable -> variable.split("=", 2))
                .map(pair -> "{\"name\":\"%s\",\"value\":\"%s\",\"settable\":[\"value\"]}".formatted(pair[0],
                        pair[1]))
                .collect(Collectors.joining(","));
        return of("""
                {"entrypoint":["/bin/p"],"interface":{"socket":"p.sock","types":["docker.volumedriver/1.0"]},\
                "env":[%s]}""".formatted(variables), content);
    }

    /** A plugin that asks for {@link #PRIVILEGES}. */
    static SampleImage privileged(String content) {
        return of("""
                {"entrypoint":["/bin/p"],"interface":{"socket":"p.sock","types":["docker.volumedriver/1.0"]},\
                "network":{"type":"host"},\
                "mounts":[{"name":"a","source":"/var/lib/a","destination":"/a","type":"bind",\
                "options":["rbind"]}]}""", content);
    }

    /** A plugin of a configuration and layers with one file each. */
    static SampleImage of(String config, String... contents) {
        Map<Digest, byte[]> blobs = new HashMap<>();
        List<Descriptor> layers = List.of(contents).stream().map(content -> {
            byte[] layer = SampleImage.layer("bin/p", content);
            blobs.put(Digest.sha256(layer), layer);
            return new Descriptor(MediaType.OCI_LAYER, Digest.sha256(layer), layer.length);
        }).toList();
        byte[] json = config.getBytes(UTF_8);
        RawManifest manifest = PluginManifest.of(PluginManifest.config(Digest.sha256(json), json.length),
                layers);
        return new SampleImage(PluginImage.of(manifest, (ImageManifest) Manifest.parse(manifest), json),
                blobs);
    }

    /** An index of manifests, each with its platform as {@code os/architecture}. */
    static RawManifest index(Map<String, RawManifest> entries) {
        String manifests = entries.entrySet()
                .stream()
                .map(entry -> entry(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(","));
        byte[] bytes = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"manifests\":["
                + manifests + "]}").getBytes(UTF_8);
        return new RawManifest(MediaType.OCI_INDEX, Digest.sha256(bytes), bytes);
    }

    private static String entry(String platform, RawManifest manifest) {
        String[] parts = platform.split("/", 2);
        return """
                {"mediaType":"%s","digest":"%s","size":%d,"platform":{"os":"%s","architecture":"%s"}}"""
                .formatted(manifest.mediaType(), manifest.digest(), manifest.bytes().length, parts[0],
                        parts[1]);
    }
}
