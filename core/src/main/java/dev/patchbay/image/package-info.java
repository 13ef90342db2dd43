/**
 * What a plugin is as an image: manifests, indexes and descriptors of Docker and OCI, the choice of a platform, and the
 * checked whole ({@link dev.patchbay.image.PluginImage}) that can be unpacked.
 *
 * <p>Pure: bytes in, values out. What must not live here: fetching, storing, unpacking.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="image"}
 */
@NullMarked
package dev.patchbay.image;

import org.jspecify.annotations.NullMarked;
