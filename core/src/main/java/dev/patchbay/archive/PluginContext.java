package dev.patchbay.archive;

import dev.patchbay.reference.Digest;

/** What a plugin context held besides the root file system, which was placed and packed while it was read. */
public final class PluginContext {
    private final byte[] config;
    private final Digest diffId;

    PluginContext(byte[] config, Digest diffId) {
        this.config = config;
        this.diffId = diffId;
    }

    /** Returns the bytes of {@code config.json}, as sent and not looked at. */
    public byte[] config() {
        return config.clone();
    }

    /**
     * Returns the digest of the layer's uncompressed tar, which belongs into {@code rootfs.diff_ids} (OCI image
     * specification, config.md). The digest of the compressed bytes is a matter of the stream they were written to.
     */
    public Digest diffId() {
        return diffId;
    }
}
