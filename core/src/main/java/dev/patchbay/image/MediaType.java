package dev.patchbay.image;

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
    /** The configuration of a plugin (moby {@code daemon/pkg/plugin/backend_linux.go}). */
    public static final String PLUGIN_CONFIG = "application/vnd.docker.plugin.v1+json";
    /** A gzip-compressed layer of Docker: what plugins made here have. */
    public static final String DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private MediaType() {}
}
