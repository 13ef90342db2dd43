package dev.patchbay.image;

import dev.patchbay.reference.Digest;
import java.nio.charset.StandardCharsets;

/** Manifests as text. */
final class Manifests {
    static final Digest CONFIG = Digest.sha256(bytes("config"));
    static final Digest ONE = Digest.sha256(bytes("one"));
    static final Digest TWO = Digest.sha256(bytes("two"));

    private Manifests() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static RawManifest raw(String mediaType, String json) {
        byte[] bytes = bytes(json);
        return new RawManifest(mediaType, Digest.sha256(bytes), bytes);
    }

    static String descriptor(String mediaType, Digest digest, long size) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
    }

    static String config() {
        return descriptor(MediaType.PLUGIN_CONFIG, CONFIG, 6);
    }

    static String layer(Digest digest) {
        return descriptor(MediaType.DOCKER_LAYER_GZIP, digest, 3);
    }

    /** Fields of a manifest, without its type. */
    static String image(String config, String... layers) {
        return "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[" + String.join(",", layers)
                + "]}";
    }

    static String index(String... entries) {
        return "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}";
    }

    static String withType(String mediaType, String json) {
        return "{\"mediaType\":\"" + mediaType + "\"," + json.substring(1);
    }

    /** An entry of an index; the platform is {@code os/architecture[/variant]}, or empty for none. */
    static String entry(Digest digest, String platform) {
        return entry(MediaType.OCI_MANIFEST, digest, platform);
    }

    static String entry(String mediaType, Digest digest, String platform) {
        String plain = descriptor(mediaType, digest, 7);
        if (platform.isEmpty()) {
            return plain;
        }
        String[] parts = platform.split("/", -1);
        String variant = parts.length > 2 ? ",\"variant\":\"" + parts[2] + "\"" : "";
        return plain.substring(0, plain.length() - 1) + ",\"platform\":{\"os\":\"" + parts[0]
                + "\",\"architecture\":\"" + parts[1] + "\"" + variant + "}}";
    }
}
