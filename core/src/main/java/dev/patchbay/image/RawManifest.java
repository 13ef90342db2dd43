package dev.patchbay.image;

import dev.patchbay.reference.Digest;

/**
 * A manifest or index to the byte, as published: its digest is what references name, so it is never re-encoded.
 *
 * @param mediaType as the registry or the index says, without parameters
 * @param digest of {@code bytes}, verified
 * @param bytes shared and never changed
 */
@SuppressWarnings("ArrayRecordComponent") // stored and sent as it is, compared by its digest
public record RawManifest(String mediaType, Digest digest, byte[] bytes) {
    /** The largest manifest taken: registries must take 4 MiB (OCI distribution specification, pushing manifests). */
    public static final int MAX_BYTES = 4 << 20;

    /** What names it. */
    public Descriptor descriptor() {
        return new Descriptor(mediaType, digest, bytes.length);
    }
}
