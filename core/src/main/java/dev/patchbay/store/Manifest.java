package dev.patchbay.store;

import java.nio.charset.StandardCharsets;

/**
 * The manifest of a plugin made here, to the byte what Docker writes: compact, {@code mediaType} last, no newline (moby
 * {@code daemon/pkg/plugin/backend_linux.go}). Registries insist on these types for plugins.
 */
final class Manifest {
    private static final String MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String CONFIG_TYPE = "application/vnd.docker.plugin.v1+json";
    private static final String LAYER_TYPE = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private Manifest() {}

    /** The manifest of a configuration and one packed layer. */
    static byte[] of(Ingest.Blob config, Ingest.Blob layer) {
        String json = "{\"schemaVersion\":2,\"config\":" + descriptor(CONFIG_TYPE, config)
                + ",\"layers\":[" + descriptor(LAYER_TYPE, layer)
                + "],\"mediaType\":\"" + MANIFEST_TYPE + "\"}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String descriptor(String type, Ingest.Blob blob) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + blob.digest() + "\",\"size\":" + blob.size()
                + "}";
    }
}
