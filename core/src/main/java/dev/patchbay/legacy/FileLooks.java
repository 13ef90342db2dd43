package dev.patchbay.legacy;

import dev.patchbay.legacy.Sighting.Meaning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The looks at files. One of a file that does not answer, as on a file system that hangs, holds its thread for as long as that
 * lasts; so no file has more than one, and all together get only so much time.
 */
final class FileLooks {
    /** A sound file takes far less than a millisecond. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private final Executor threads;
    private final Runnable answered;
    private final Duration limit;
    private final Map<Path, CompletableFuture<Sighting>> hanging = new ConcurrentHashMap<>();
    private volatile Map<Path, Sighting> known = Map.of(); // one round at a time

    /**
     * Looks at nothing yet.
     *
     * @param threads may block, and hang
     * @param answered is called when a file answers after all
     * @param limit how long all together may take
     */
    FileLooks(Executor threads, Runnable answered, Duration limit) {
        this.limit = limit;
        this.threads = threads;
        this.answered = answered;
    }

    /**
     * What these files are now, in their order. Blocks, up to the limit; one round at a time.
     *
     * @param outOfReach tells those that would hang, which are left at what they were
     */
    Map<Path, Sighting> at(Collection<Path> files, Predicate<Path> outOfReach) throws InterruptedException {
        hanging.values().removeIf(CompletableFuture::isDone);
        var begun = new LinkedHashMap<Path, CompletableFuture<Sighting>>();
        for (Path file : files) {
            Optional<Sighting> before = Optional.ofNullable(known.get(file));
            if (outOfReach.test(file)) {
                begun.put(file, CompletableFuture.completedFuture(before.orElseGet(() -> hung(file))));
            } else if (hanging.containsKey(file)) {
                begun.put(file, CompletableFuture.completedFuture(hung(file)));
            } else {
                begun.put(file, begin(file, before));
            }
        }
        long deadline = System.nanoTime() + limit.toNanos();
        var sightings = new LinkedHashMap<Path, Sighting>();
        for (var each : begun.entrySet()) {
            sightings.put(each.getKey(), await(each.getKey(), each.getValue(), deadline));
        }
        known = Map.copyOf(sightings);
        return sightings;
    }

    private CompletableFuture<Sighting> begin(Path file, Optional<Sighting> before) {
        try {
            return CompletableFuture.supplyAsync(() -> FileLook.at(file, before), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Sighting await(Path file, CompletableFuture<Sighting> look, long deadline)
            throws InterruptedException {
        try {
            return look.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            hanging.put(file, look);
            var _ = look.whenComplete((_, _) -> answered.run());
            return hung(file);
        } catch (ExecutionException e) {
            return Sighting.of(file,
                    new Meaning.Unusable(file + " cannot be looked at: " + e.getCause()));
        }
    }

    private Sighting hung(Path file) {
        return Sighting.of(file, new Meaning.Unusable(file + " has not answered for " + limit.toSeconds()
                + " s; look whether it is on a file system that hangs, or is something else than a file"));
    }

    /** Folders that what is known of some files depends on, beside those where they were found. */
    Map<Path, Set<String>> watched(Set<Path> files) {
        var all = new LinkedHashMap<Path, Set<String>>();
        known.forEach((file, sighting) -> {
            if (files.contains(file)) {
                FolderWatch.join(all, sighting.watched());
            }
        });
        return all;
    }
}
