package dev.patchbay.store;

import dev.patchbay.reference.Digest;

/**
 * A blob that was seen on the disk.
 *
 * @param inode says where on the disk what is known about its file is kept, roughly
 * @param bytes its size
 */
record StoredBlob(Digest digest, long inode, long bytes) {}
