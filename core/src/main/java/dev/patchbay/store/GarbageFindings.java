package dev.patchbay.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one collection of garbage has found so far. An error with one thing is noted and costs that thing only (D44).
 * Thread-safe; what is done with a thing is done by the thread that counts it, outside the lock.
 */
final class GarbageFindings {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageFindings.class);

    private final boolean dryRun;
    private final List<String> problems = new ArrayList<>();
    // guarded by this, as the problems are
    private long blobs;
    private long unreferenced;
    private long deleted;
    private long bytes;
    private long unfinished;

    GarbageFindings(boolean dryRun) {
        this.dryRun = dryRun;
    }

    boolean dryRun() {
        return dryRun;
    }

    synchronized void blobs(long count) {
        blobs = count;
    }

    /** Looks at a blob that nobody needs; it counts also if that fails. */
    Optional<StoredBlob> looked(Supplier<Optional<StoredBlob>> look) {
        var found = new AtomicReference<Optional<StoredBlob>>(Optional.empty());
        attempt(() -> found.set(look.get()), () -> count(0, 0));
        return found.get();
    }

    /** Counts a blob that stays though nobody needs it. */
    void found(StoredBlob blob) {
        count(blob.bytes(), 0);
    }

    /** Counts a blob that goes. */
    void deleted(StoredBlob blob, Runnable deletion) {
        attempt(() -> {
            deletion.run();
            count(blob.bytes(), 1);
        }, () -> count(0, 0));
    }

    /** Counts unfinished content that goes, or with a dry run would. */
    void unfinished(Runnable deletion) {
        attempt(() -> {
            deletion.run();
            finish();
        }, () -> {});
    }

    synchronized void problem(String sentence) {
        if (problems.size() < GarbageReport.MAX_PROBLEMS) {
            problems.add(sentence);
        }
    }

    synchronized GarbageReport report() {
        return new GarbageReport(dryRun, blobs, unreferenced, deleted, bytes, unfinished, problems);
    }

    private synchronized void count(long freed, int gone) {
        unreferenced++;
        bytes += freed;
        deleted += gone;
    }

    private synchronized void finish() {
        unfinished++;
    }

    private void attempt(Runnable work, Runnable otherwise) {
        try {
            work.run();
        } catch (StoreException e) {
            LOG.warn("what nobody refers to stays for now: {}", e.getMessage());
            problem(String.valueOf(e.getMessage()));
            otherwise.run();
        }
    }
}
