package dev.patchbay.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Unpacks the layers of an image into a directory, safely.
 *
 * <p>The archive decides what appears inside the target and nothing else. Names are resolved inside the target as if
 * it were the root of the file system: a symbolic link that an earlier entry or layer made is followed within it, a
 * leading slash means the target. Names with a part {@code ..} are refused. Symbolic links are stored as they are,
 * wherever they point, and never followed by us out of the target. Hard link targets are looked up inside the target.
 * Whiteouts and opaque markers delete what lower layers placed.
 *
 * <p>Kept: numeric owners, all twelve mode bits, modification times, hard and symbolic links, device nodes, FIFOs, holes
 * of sparse files, and the extended attributes {@code user.*}, {@code trusted.*} and {@code security.capability};
 * all other attributes are ignored. Of two entries with one name the last wins.
 *
 * <p>Instances hold settings only and may be shared between threads; two calls must not share a target.
 */
public final class LayerExtractor {
    private final ArchiveLimits limits;
    private final Ownership ownership;

    /**
     * Makes an extractor.
     *
     * @param limits apply to each layer by itself
     */
    public LayerExtractor(ArchiveLimits limits, Ownership ownership) {
        this.limits = limits;
        this.ownership = ownership;
    }

    /**
     * Unpacks one layer on top of what the target holds. Call it for the lowest layer first. Blocks; an interrupt ends
     * it promptly. Reads the stream to its end, also beyond the end of the archive, so that a digest taken of it is
     * complete; does not close it. After an exception the target holds a part of the layer and must be thrown away.
     *
     * <p>The end of the archive need not be marked: a layer's digest proves that it is whole, and the caller must
     * compare it before the target is used.
     *
     * @param tar an uncompressed tar archive
     * @param target an existing directory that nobody else writes to and that has no mounts below it
     * @throws ArchiveException if the archive is bad, too big or cannot be placed, or the thread was interrupted
     * @throws IOException if the stream fails: its own exception
     */
    public void extract(InputStream tar, Path target) throws IOException {
        EntryPlacer placer = new EntryPlacer(target, ownership);
        TarReader reader = new TarReader(tar, limits, TarReader.Ending.ANY);
        for (var item = reader.next(); item.isPresent(); item = reader.next()) {
            placer.place(item.get(), EntryNames.parts(item.get().name(), item.get().name()), reader);
        }
        placer.finish();
    }
}
