package dev.patchbay.store;

import dev.patchbay.image.RawManifest;

/**
 * The contents of an OCI image layout that was read into the store. Its blobs are protected from garbage collection until
 * it is released.
 *
 * @param index the layout's {@code index.json}
 * @param lease what protects the blobs; meaningful to the store only
 */
public record ImportedLayout(RawManifest index, BlobHold lease) {}
