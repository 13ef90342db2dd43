package dev.patchbay.store;

import dev.patchbay.archive.ArchiveLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a {@link FileStore} works.
 *
 * @param root the plugin root, absolute; made if it does not exist
 * @param limits what a context may ask of us
 * @param ioThreads how many reads and writes of records run side by side
 * @param stages how many contexts and images are unpacked side by side; each holds a thread while its sender is slow
 * @param downloads how many layers of one image are fetched side by side; each holds a thread while its sender is slow
 * @param maxQueued how many operations of each kind may wait for a thread; a further one fails
 * @param ingestExpiry how long unfinished content may stay without a write before it counts as abandoned
 */
public record StoreConfig(
        Path root, ArchiveLimits limits, int ioThreads, int stages, int downloads, int maxQueued,
        Duration ingestExpiry) {
    /** Default of {@code ioThreads}. */
    public static final int DEFAULT_IO_THREADS = 8;
    /** Default of {@code stages}. */
    public static final int DEFAULT_STAGES = 16;
    /** Default of {@code downloads}: that of Docker's {@code max-concurrent-downloads}. */
    public static final int DEFAULT_DOWNLOADS = 3;
    /** Default of {@code maxQueued}. */
    public static final int DEFAULT_MAX_QUEUED = 10_000;
    /** Default of {@code ingestExpiry}. */
    public static final Duration DEFAULT_INGEST_EXPIRY = Duration.ofHours(24);

    /** Checks. @throws IllegalArgumentException if the root is not absolute or a number is not positive */
    public StoreConfig {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("the plugin root must be an absolute path: " + root);
        }
        if (ioThreads < 1 || stages < 1 || downloads < 1 || maxQueued < 1) {
            throw new IllegalArgumentException(
                    "ioThreads, stages, downloads and maxQueued must be at least 1");
        }
        if (!ingestExpiry.isPositive()) {
            throw new IllegalArgumentException("ingestExpiry must be positive: " + ingestExpiry);
        }
        root = root.normalize();
    }

    /** The defaults for a plugin root. */
    public static StoreConfig at(Path root) {
        return new StoreConfig(root, ArchiveLimits.DEFAULT, DEFAULT_IO_THREADS, DEFAULT_STAGES,
                DEFAULT_DOWNLOADS, DEFAULT_MAX_QUEUED,
                DEFAULT_INGEST_EXPIRY);
    }

    /** This configuration with other limits on contexts. */
    public StoreConfig withLimits(ArchiveLimits changed) {
        return new StoreConfig(root, changed, ioThreads, stages, downloads, maxQueued, ingestExpiry);
    }

    /** This configuration with another number of contexts unpacked side by side. */
    public StoreConfig withStages(int changed) {
        return new StoreConfig(root, limits, ioThreads, changed, downloads, maxQueued, ingestExpiry);
    }

    /** This configuration with another number of layers of one image fetched side by side. */
    public StoreConfig withDownloads(int changed) {
        return new StoreConfig(root, limits, ioThreads, stages, changed, maxQueued, ingestExpiry);
    }
}
