package dev.patchbay.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one collection of garbage has found so far. An error with one thing is noted and costs that thing only (D44). */
final class GarbageFindings {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageFindings.class);

    private final boolean dryRun;
    private final List<String> problems = new ArrayList<>();
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

    void blobs(long count) {
        blobs = count;
    }

    /** Counts a blob that stays though nobody needs it. */
    void found(LongSupplier size) {
        unreferenced++;
        attempt(() -> bytes += size.getAsLong());
    }

    /** Counts a blob that goes. */
    void deleted(LongSupplier deletion) {
        unreferenced++;
        attempt(() -> {
            bytes += deletion.getAsLong();
            deleted++;
        });
    }

    /** Counts unfinished content that goes, or with a dry run would. */
    void unfinished(Runnable deletion) {
        attempt(() -> {
            deletion.run();
            unfinished++;
        });
    }

    void problem(String sentence) {
        if (problems.size() < GarbageReport.MAX_PROBLEMS) {
            problems.add(sentence);
        }
    }

    GarbageReport report() {
        return new GarbageReport(dryRun, blobs, unreferenced, deleted, bytes, unfinished, problems);
    }

    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (StoreException e) {
            LOG.warn("what nobody refers to stays for now: {}", e.getMessage());
            problem(String.valueOf(e.getMessage()));
        }
    }
}
