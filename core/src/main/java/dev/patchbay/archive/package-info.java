/**
 * Tar archives: unpacking layers safely, splitting the context of a new plugin, reading and writing image layouts,
 * deleting trees.
 *
 * <p>Commons Compress reads the tar, we place its entries. Gzip is packed and unpacked by ISA-L where the host has it, else by the
 * JDK, zstd by zstd-jni. Nothing an archive says can touch anything outside the
 * target directory, which must belong to us alone while we work in it. Everything streams: memory use does not depend
 * on the size of an archive, only on the number of its directories. {@link dev.patchbay.archive.LayerUnpacker},
 * {@link dev.patchbay.archive.ContextSplitter}, {@link dev.patchbay.archive.LayoutReader} and
 * {@link dev.patchbay.archive.LayoutWriter} are the entrances.
 *
 * <p>All methods block and belong on a thread that may. An interrupt means "stop": the call ends with an
 * {@link dev.patchbay.archive.ArchiveCancelledException} and the thread stays interrupted. Blobs, digests of what is
 * downloaded, and the meaning of {@code config.json} do not live here.
 *
 * {@snippet file="dev/patchbay/Snippets.java" region="archive"}
 */
@NullMarked
package dev.patchbay.archive;

import org.jspecify.annotations.NullMarked;
