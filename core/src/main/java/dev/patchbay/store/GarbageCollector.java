package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes blobs that nobody refers to and content that was never finished.
 *
 * <p>Runs beside stages, which it neither blocks nor waits for; an error with one blob does not keep it from the others;
 * unfinished content expires (moby does none of the three, D44). Rather deletes nothing than too much: as long as one
 * record cannot be read, its blobs are unknown and all blobs stay.
 *
 * <p>Deletions are not synced: what a loss of power brings back is found again, and waiting for the disk would cost more
 * than all the rest.
 */
final class GarbageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);

    private static final int SLICE = 256;
    private static final int PART = 32;

    private final Supplier<References> references;
    private final ContentStore content;
    private final BlobLeases leases;
    private final Clock clock;
    private final Duration ingestExpiry;
    private final Executor deleters;

    /**
     * Collects nothing yet.
     *
     * @param ingestExpiry how long unfinished content is left alone after its last change
     * @param deleters where blobs are deleted, a few side by side: a file system may wait for its disk at each of them
     */
    GarbageCollector(Supplier<References> references, ContentStore content, BlobLeases leases, Clock clock,
            Duration ingestExpiry, Executor deleters) {
        this.references = references;
        this.content = content;
        this.leases = leases;
        this.clock = clock;
        this.ingestExpiry = ingestExpiry;
        this.deleters = deleters;
    }

    /** Looks at everything. */
    GarbageReport collect(boolean dryRun) {
        var findings = new GarbageFindings(dryRun);
        Instant expired = Instant.now(clock).minus(ingestExpiry);
        for (Path ingest : content.ingestsUntouchedSince(expired)) {
            findings.unfinished(dryRun ? () -> {} : () -> content.drop(ingest));
        }
        sweep(content::blobs, findings);
        return findings.report();
    }

    /** Looks at some blobs only. */
    void collect(Collection<Digest> candidates) {
        if (!candidates.isEmpty()) {
            sweep(() -> List.copyOf(candidates), new GarbageFindings(false));
        }
    }

    private void sweep(Supplier<List<Digest>> candidates, GarbageFindings findings) {
        try (BlobLeases.Sweep sweep = leases.sweep()) {
            References referred = references.get(); // after the sweep began: see BlobLeases
            List<Digest> blobs = candidates.get();
            findings.blobs(blobs.size());
            if (!referred.unreadable().isEmpty()) {
                LOG.warn("no blobs are deleted, since the blobs of {} plugins are unknown: {}",
                        referred.unreadable().size(), referred.unreadable());
                referred.unreadable().forEach(findings::problem);
                return;
            }
            List<Digest> garbage = blobs.stream().filter(blob -> !referred.blobs().contains(blob)).toList();
            List<StoredBlob> found = look(garbage.stream().filter(sweep::isFree).toList(), findings);
            if (findings.dryRun()) {
                found.forEach(findings::found);
            } else {
                delete(found, sweep, findings);
            }
        }
    }

    /** Neighbours on the disk come one after the other, which halves what a large folder takes to be emptied. */
    private List<StoredBlob> look(List<Digest> garbage, GarbageFindings findings) {
        return garbage.stream()
                .flatMap(blob -> findings.looked(() -> content.find(blob)).stream())
                .sorted(Comparator.comparingLong(StoredBlob::inode))
                .toList();
    }

    /** Deletes in slices, so that whoever needs a blob that is being deleted waits for one slice at most. */
    private void delete(List<StoredBlob> garbage, BlobLeases.Sweep sweep, GarbageFindings findings) {
        for (int at = 0; at < garbage.size(); at += SLICE) {
            List<StoredBlob> slice = garbage.subList(at, Math.min(garbage.size(), at + SLICE));
            Set<Digest> condemned = sweep.condemn(slice.stream().map(StoredBlob::digest).toList());
            try {
                sideBySide(slice.stream().filter(blob -> condemned.contains(blob.digest())).toList(),
                        blob -> findings.deleted(blob, () -> content.delete(blob.digest())));
            } finally {
                sweep.pardon(condemned);
            }
        }
    }

    /** Where the file system waits for its disk at each deletion, several at once wait no longer than one. */
    private void sideBySide(List<StoredBlob> slice, Consumer<StoredBlob> deletion) {
        List<CompletableFuture<Void>> parts = IntStream.iterate(0, at -> at < slice.size(), at -> at + PART)
                .mapToObj(at -> slice.subList(at, Math.min(slice.size(), at + PART)))
                .map(part -> CompletableFuture.runAsync(() -> part.forEach(deletion), deleters))
                .toList();
        // Waits for all, also after a failure: what a deleter still works at must stay condemned.
        parts.forEach(part -> part.exceptionally(_ -> null).join());
        parts.forEach(CompletableFuture::join);
    }
}
