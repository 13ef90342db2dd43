package dev.patchbay.archive;

/**
 * How much one archive may ask of us. The defaults fit any real plugin and end a hostile archive early.
 *
 * @param maxEntries most entries, counting those that are skipped
 * @param maxPathBytes longest entry or link name in UTF-8 bytes
 * @param maxFileBytes largest single file, holes included
 * @param maxExpandedBytes most bytes after decompression, and most bytes of all files together, holes included
 * @param maxMetadataBytes most bytes of headers for one entry: long names, PAX records, sparse maps
 * @param maxConfigBytes largest {@code config.json} of a plugin context, held in memory
 */
public record ArchiveLimits(
        long maxEntries,
        int maxPathBytes,
        long maxFileBytes,
        long maxExpandedBytes,
        int maxMetadataBytes,
        int maxConfigBytes) {

    /** Default for {@link #maxEntries}: ten times a large distribution image. */
    public static final long DEFAULT_MAX_ENTRIES = 1_000_000;
    /** Default for {@link #maxPathBytes}: the kernel's PATH_MAX, less its final NUL. */
    public static final int DEFAULT_MAX_PATH_BYTES = 4095;
    /** Default for {@link #maxFileBytes}: 16 GiB. */
    public static final long DEFAULT_MAX_FILE_BYTES = 16L << 30;
    /** Default for {@link #maxExpandedBytes}: 32 GiB. */
    public static final long DEFAULT_MAX_EXPANDED_BYTES = 32L << 30;
    /** Default for {@link #maxMetadataBytes}: 1 MiB, sixteen extended attributes of the largest size. */
    public static final int DEFAULT_MAX_METADATA_BYTES = 1 << 20;
    /** Default for {@link #maxConfigBytes}: 1 MiB. */
    public static final int DEFAULT_MAX_CONFIG_BYTES = 1 << 20;

    /** The limits used when nothing else is asked for. */
    public static final ArchiveLimits DEFAULT = new ArchiveLimits(DEFAULT_MAX_ENTRIES, DEFAULT_MAX_PATH_BYTES,
            DEFAULT_MAX_FILE_BYTES, DEFAULT_MAX_EXPANDED_BYTES, DEFAULT_MAX_METADATA_BYTES,
            DEFAULT_MAX_CONFIG_BYTES);

    /** Checks that every limit is positive. */
    public ArchiveLimits {
        positive("maxEntries", maxEntries);
        positive("maxPathBytes", maxPathBytes);
        positive("maxFileBytes", maxFileBytes);
        positive("maxExpandedBytes", maxExpandedBytes);
        positive("maxMetadataBytes", maxMetadataBytes);
        positive("maxConfigBytes", maxConfigBytes);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }

    /** Returns these limits with another number of entries. */
    public ArchiveLimits withMaxEntries(long entries) {
        return new ArchiveLimits(entries, maxPathBytes, maxFileBytes, maxExpandedBytes, maxMetadataBytes,
                maxConfigBytes);
    }

    /** Returns these limits with another length of names. */
    public ArchiveLimits withMaxPathBytes(int bytes) {
        return new ArchiveLimits(maxEntries, bytes, maxFileBytes, maxExpandedBytes, maxMetadataBytes,
                maxConfigBytes);
    }

    /** Returns these limits with another size of files. */
    public ArchiveLimits withMaxFileBytes(long bytes) {
        return new ArchiveLimits(maxEntries, maxPathBytes, bytes, maxExpandedBytes, maxMetadataBytes,
                maxConfigBytes);
    }

    /** Returns these limits with another size of the whole. */
    public ArchiveLimits withMaxExpandedBytes(long bytes) {
        return new ArchiveLimits(maxEntries, maxPathBytes, maxFileBytes, bytes, maxMetadataBytes,
                maxConfigBytes);
    }

    /** Returns these limits with another size of one entry's headers. */
    public ArchiveLimits withMaxMetadataBytes(int bytes) {
        return new ArchiveLimits(maxEntries, maxPathBytes, maxFileBytes, maxExpandedBytes, bytes,
                maxConfigBytes);
    }

    /** Returns these limits with another size of config.json. */
    public ArchiveLimits withMaxConfigBytes(int bytes) {
        return new ArchiveLimits(maxEntries, maxPathBytes, maxFileBytes, maxExpandedBytes, maxMetadataBytes,
                bytes);
    }
}
