package dev.patchbay.image;

import dev.patchbay.reference.Digest;

/**
 * Names content: what it is, and how to tell that it is whole (OCI image specification, descriptor).
 *
 * @param mediaType what the content is, without parameters
 * @param digest of exactly its bytes
 * @param size in bytes, at least 0
 */
public record Descriptor(String mediaType, Digest digest, long size) {
    /** Checks the size. @throws InvalidImageException if it is negative */
    public Descriptor {
        if (size < 0) {
            throw new InvalidImageException("the size of " + digest + " is negative: " + size);
        }
    }
}
