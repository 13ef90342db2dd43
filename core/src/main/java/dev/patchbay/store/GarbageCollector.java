package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes blobs that nobody refers to and content that was never finished.
 *
 * <p>Runs beside stages, which it neither blocks nor waits for; an error with one blob does not keep it from the others;
 * unfinished content expires (moby does none of the three, D44). Rather deletes nothing than too much: as long as one
 * record cannot be read, its blobs are unknown and all blobs stay.
 */
final class GarbageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);

    private final Supplier<References> references;
    private final ContentStore content;
    private final BlobLeases leases;
    private final Clock clock;
    private final Duration ingestExpiry;

    GarbageCollector(Supplier<References> references, ContentStore content, BlobLeases leases, Clock clock,
            Duration ingestExpiry) {
        this.references = references;
        this.content = content;
        this.leases = leases;
        this.clock = clock;
        this.ingestExpiry = ingestExpiry;
    }

    /** Looks at everything. @return the bytes of blobs freed */
    long collect() {
        content.deleteIngestsUntouchedSince(Instant.now(clock).minus(ingestExpiry));
        return sweep(content::blobs);
    }

    /** Looks at some blobs only. @return the bytes freed */
    long collect(Collection<Digest> candidates) {
        return candidates.isEmpty() ? 0 : sweep(() -> List.copyOf(candidates));
    }

    private long sweep(Supplier<List<Digest>> candidates) {
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            References referred = references.get(); // after the sweep began: see BlobLeases
            if (!referred.unreadable().isEmpty()) {
                LOG.warn("no blobs are deleted, since the blobs of {} plugins are unknown: {}",
                        referred.unreadable().size(), referred.unreadable());
                return 0;
            }
            long freed = candidates.get()
                    .stream()
                    .filter(blob -> !referred.blobs().contains(blob))
                    .mapToLong(blob -> delete(sweep, blob))
                    .sum();
            if (freed > 0) {
                content.syncDeletions();
            }
            return freed;
        }
    }

    private long delete(BlobLeases.Sweep sweep, Digest blob) {
        try {
            return sweep.deleteUnlessLeased(blob, () -> content.delete(blob));
        } catch (StoreException e) {
            LOG.warn("a blob that nobody refers to stays for now: {}", e.getMessage());
            return 0;
        }
    }
}
