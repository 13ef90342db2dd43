package dev.patchbay.legacy;

import dev.patchbay.stream.Drain;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Looks for legacy plugins: when it begins, when something changed in the folders, and when somebody asks for a plugin that is
 * not known. One look at a time.
 */
final class Finder {
    private static final Logger LOG = LoggerFactory.getLogger(Finder.class);

    /** Who writes a file or opens a socket does so in several steps. */
    private static final Duration SETTLING = Duration.ofMillis(50);

    /** How long somebody waits who asks for a plugin that is not known; a sound disk takes some milliseconds. */
    private static final Duration PATIENCE = FileLooks.LIMIT.plusSeconds(1);

    /** Between looks for names that are not known, however many are asked for. */
    static final Duration DISTANCE = Duration.ofMillis(100);

    /** When what could not be watched is tried again. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Folders come into being while they are being looked at. */
    private static final int MOST_REPEATS = 4;

    private final LegacyFolders folders;
    private final LegacyPlugins.Outside outside;
    private final BiConsumer<Map<String, Sighting>, List<String>> found;
    private final Drain looks;
    private final FileLooks files;
    private final Function<LegacyFolders, Listing> lister;
    private final MayHang folderWork;
    private final Duration limit;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean resting = new AtomicBoolean();
    private final AtomicBoolean settling = new AtomicBoolean();
    private final AtomicBoolean retrying = new AtomicBoolean();
    private final Sinks.Many<Long> answered = Sinks.many().replay().latest(); // one look at a time
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Object opening = new Object();
    private @Nullable FolderWatch watch; // guarded by opening
    private Map<String, Sighting> last = Map.of(); // one look at a time
    private volatile Optional<String> unwatched = Optional.empty();
    private volatile boolean closed;

    /**
     * Looks at nothing yet.
     *
     * @param found hears after each look what is there, by name, and what an operator should know
     */
    Finder(LegacyFolders folders, LegacyPlugins.Outside outside,
            BiConsumer<Map<String, Sighting>, List<String>> found) {
        this(folders, FolderLook::at, FileLooks.LIMIT, outside, found);
    }

    Finder(LegacyFolders folders, Function<LegacyFolders, Listing> lister, Duration limit,
            LegacyPlugins.Outside outside, BiConsumer<Map<String, Sighting>, List<String>> found) {
        this.folders = folders;
        this.lister = lister;
        this.limit = limit;
        this.outside = outside;
        this.found = found;
        this.looks = new Drain(outside.looks()::schedule, this::look);
        this.files = new FileLooks(outside.looks()::schedule, this::wake, limit);
        this.folderWork = new MayHang(outside.looks()::schedule, this::wake, limit);
    }

    void begin() {
        wake();
    }

    /** When a look that has yet to begin is over; at once, if a folder hangs or there are no looks any more. */
    Mono<Void> looked() {
        return Mono.defer(() -> {
            if (folderWork.hangs()) {
                return Mono.empty();
            }
            long mine = asked.incrementAndGet();
            wanted.set(true);
            wakeSoon();
            return answered.asFlux()
                    .filter(count -> count >= mine)
                    .next()
                    .then()
                    .or(closing.asMono());
        }).timeout(PATIENCE, Mono.empty(), outside.timers()).publishOn(outside.replies());
    }

    /** Whoever asks for many names that nobody has keeps no thread busy: one look serves all who asked before it. */
    private void wakeSoon() {
        if (wanted.get() && resting.compareAndSet(false, true)) {
            wanted.set(false);
            wake();
            later(DISTANCE, () -> {
                resting.set(false);
                wakeSoon();
            });
        }
    }

    private void wake() {
        try {
            looks.wake();
        } catch (RejectedExecutionException _) {
            LOG.debug("closed: nobody looks for legacy plugins any more");
        }
    }

    /** On the watch's thread. */
    private void changed() {
        if (settling.compareAndSet(false, true)) {
            later(SETTLING, () -> {
                settling.set(false);
                wake();
            });
        }
    }

    private void later(Duration pause, Runnable work) {
        try {
            var _ = outside.timers().schedule(work, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            LOG.debug("closed: nothing is looked at later");
        }
    }

    private void look() {
        long mine = asked.get();
        if (closed) {
            return;
        }
        try {
            round();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the threads are being ended
        } catch (ClosedWatchServiceException | RejectedExecutionException _) {
            LOG.debug("closed: what was being looked at is nobody's business any more");
        } catch (RuntimeException e) {
            LOG.error("looking for legacy plugins failed", e);
        } finally {
            var _ = answered.tryEmitNext(mine); // a new one takes its place
        }
    }

    /** As long as a folder hangs, what is known stays as it was. */
    private void round() throws InterruptedException {
        var problems = new LinkedHashSet<String>();
        Optional<Listing> listing = folderWork.waitedFor(this::list);
        if (listing.isPresent()) {
            problems.addAll(listing.get().problems());
            last = strongest(listing.get(), problems);
            if (folderWork.waitedFor(() -> watch(listing.get())).orElse(false)) {
                last = strongest(listing.get(), problems); // what they refer to is watched only now
            }
            unwatched.ifPresent(problems::add);
        }
        if (folderWork.hangs()) {
            problems.add("a folder in which legacy plugins are looked for has not answered for "
                    + limit.toSeconds() + " s, and none is looked for until it does; look which of "
                    + folders.all() + " is on a file system that hangs");
        }
        found.accept(last, List.copyOf(problems));
    }

    /** Watched first and looked at then, so that nothing is missed in between. */
    private Listing list() {
        Listing listing = lister.apply(folders);
        for (int i = 0; i < MOST_REPEATS && watch(listing); i++) {
            listing = lister.apply(folders);
        }
        return listing;
    }

    /** Whether something is watched that was not. */
    private boolean watch(Listing listing) {
        Map<Path, Set<String>> all = new LinkedHashMap<>(listing.watched());
        FolderWatch.join(all, files.watched());
        try {
            boolean more = opened().keep(all);
            unwatched = Optional.empty();
            return more;
        } catch (IOException e) {
            if (!closed) {
                unwatched = Optional
                        .of("changes of legacy plugins are not noticed, and are looked for every minute: "
                                + e.getMessage());
                retryWatching();
            }
            return false;
        }
    }

    private void retryWatching() {
        if (retrying.compareAndSet(false, true)) {
            later(PAUSE, () -> {
                retrying.set(false);
                wake();
            });
        }
    }

    private FolderWatch opened() throws IOException {
        synchronized (opening) {
            if (closed) {
                throw new IOException("it is closed");
            }
            if (watch == null) {
                watch = FolderWatch.open(this::changed);
            }
            return watch;
        }
    }

    private Map<String, Sighting> strongest(Listing listing, Set<String> problems)
            throws InterruptedException {
        Map<String, List<Path>> candidates = new LinkedHashMap<>();
        Set<String> names = SearchOrder.names(listing.files());
        names.stream()
                .limit(Roster.MOST)
                .forEach(name -> candidates.put(name, SearchOrder.of(folders, name)
                        .stream()
                        .filter(listing.files()::contains)
                        .toList()));
        if (names.size() > Roster.MOST) {
            problems.add("there are " + names.size() + " legacy plugins; only the first " + Roster.MOST
                    + " are looked at");
        }
        Map<Path, Sighting> sightings = files
                .at(candidates.values().stream().flatMap(List::stream).toList());
        var strongest = new LinkedHashMap<String, Sighting>();
        candidates.forEach((name, paths) -> {
            var all = paths.stream().map(sightings::get).toList();
            Sighting.strongest(all).ifPresent(one -> strongest.put(name, one));
            Sighting.told(all).forEach(problem -> problems.add("legacy plugin " + name + ": " + problem));
        });
        return strongest;
    }

    /**
     * Ends the watch, and whoever waits for a look. What looks at a file meanwhile is ended with its threads. While a folder
     * hangs, the JDK's thread that watches does so too, and is not waited for.
     */
    Mono<Void> close() {
        return Mono.defer(() -> {
            boolean _ = closing.tryEmitEmpty().isSuccess(); // closing is done once
            synchronized (opening) {
                closed = true;
                if (watch == null) {
                    return Mono.empty();
                }
                watch.end();
                return folderWork.hangs()
                        ? Mono.empty()
                        : watch.ended().timeout(limit, Mono.empty(), outside.timers());
            }
        });
    }
}
