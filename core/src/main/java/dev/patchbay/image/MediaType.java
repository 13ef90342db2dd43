package dev.patchbay.image;

import java.util.Locale;
import java.util.Set;

/** The media types that plugins are published with, as they stand in manifests. */
public final class MediaType {
    /** A manifest of Docker, schema 2: what registries insist on for plugins. */
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    /** Docker's index. */
    public static final String DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    /** A manifest of OCI. */
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    /** An index of OCI. */
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    /** The configuration of an ordinary image of OCI. */
    public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    /** The configuration of a plugin (moby {@code daemon/pkg/plugin/backend_linux.go}). */
    public static final String PLUGIN_CONFIG = "application/vnd.docker.plugin.v1+json";
    /** A gzip-compressed layer of Docker: what plugins made here have. */
    public static final String DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    /** A layer of Docker without compression. */
    public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
    /** A layer of Docker, compressed with zstd (containerd {@code core/images/mediatypes.go}). */
    public static final String DOCKER_LAYER_ZSTD = "application/vnd.docker.image.rootfs.diff.tar.zstd";
    /** A layer of OCI without compression. */
    public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
    /** A gzip-compressed layer of OCI. */
    public static final String OCI_LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    /** A layer of OCI, compressed with zstd. */
    public static final String OCI_LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";

    /** The layers that can be unpacked. How they are compressed is told by their bytes, as containerd does. */
    static final Set<String> LAYERS = Set.of(DOCKER_LAYER, DOCKER_LAYER_GZIP, DOCKER_LAYER_ZSTD, OCI_LAYER,
            OCI_LAYER_GZIP, OCI_LAYER_ZSTD);

    private static final String SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+";
    private static final String FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    private static final String RESTRICTED = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private static final Set<String> SAYS_NOTHING = Set.of("", "application/json", "text/plain",
            "application/octet-stream", "binary/octet-stream");

    private MediaType() {}

    /** Without parameters, in lower case: what is compared (RFC 9110, 8.3.1). */
    static String bare(String mediaType) {
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether a server that answers with this type tells nothing about what it sends. */
    static boolean saysNothing(String bare) {
        return SAYS_NOTHING.contains(bare);
    }

    /** A manifest of schema 1, signed or not. */
    static boolean isSchema1(String bare) {
        return bare.startsWith(SCHEMA_1);
    }

    /** A layer that registries do not hold themselves. */
    static boolean isNotDistributed(String bare) {
        return bare.startsWith(FOREIGN) || bare.startsWith(RESTRICTED);
    }
}
