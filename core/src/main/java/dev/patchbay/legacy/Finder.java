package dev.patchbay.legacy;

import dev.patchbay.legacy.MayHang.Begun;
import dev.patchbay.stream.Drain;
import dev.patchbay.stream.TimeLimit;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

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

    /** When what could not be watched, or for which there was no thread, is tried again. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    private final LegacyFolders where;
    private final LegacyPlugins.Outside outside;
    private final BiConsumer<Map<String, Sighting>, List<String>> found;
    private final Drain looks;
    private final FileLooks files;
    private final List<SearchedFolder> folders;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean resting = new AtomicBoolean();
    private final AtomicBoolean settling = new AtomicBoolean();
    private final AtomicBoolean retrying = new AtomicBoolean();
    private final Sinks.Many<Long> answered = Sinks.many().replay().latest(); // one look at a time
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private Map<String, Sighting> last = Map.of(); // one look at a time
    private volatile boolean closed;

    /**
     * Looks at nothing yet.
     *
     * @param found hears after each look what is there, by name, and what an operator should know
     */
    Finder(LegacyFolders where, LegacyPlugins.Outside outside,
            BiConsumer<Map<String, Sighting>, List<String>> found) {
        this(where, SearchedFolder.Means.usual(where), outside, found);
    }

    Finder(LegacyFolders where, SearchedFolder.Means means, LegacyPlugins.Outside outside,
            BiConsumer<Map<String, Sighting>, List<String>> found) {
        this.where = where;
        this.outside = outside;
        this.found = found;
        this.looks = new Drain(outside.looks()::schedule, this::look);
        this.files = new FileLooks(outside.looks()::schedule, this::wake, means.limit());
        this.folders = where.all()
                .stream()
                .map(folder -> new SearchedFolder(folder, means, files,
                        new MayHang(outside.looks()::schedule, this::wake, means.limit()), this::changed))
                .toList();
    }

    void begin() {
        wake();
    }

    /** When a look that has yet to begin is over, which waits for no folder that hangs; at once, if there are no looks any more. */
    Mono<Void> looked() {
        return TimeLimit.on(Mono.defer(() -> {
            long mine = asked.incrementAndGet();
            wanted.set(true);
            wakeSoon();
            return answered.asFlux()
                    .filter(count -> count >= mine)
                    .next()
                    .then()
                    .or(closing.asMono());
        }), PATIENCE, outside.timers(), Mono.empty()).publishOn(outside.replies());
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
            if (closed) {
                LOG.debug("closed: nobody looks for legacy plugins any more");
            } else {
                lookLater(); // very many looks wait: what was to be found will not come a second time
            }
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

    /** What is known of a folder that hangs stays as it was. */
    private void round() throws InterruptedException {
        results(SearchedFolder::look);
        var problems = new LinkedHashSet<String>();
        folders.forEach(folder -> problems.addAll(folder.listing().problems()));
        last = strongest(problems);
        if (results(SearchedFolder::watchReferences)) {
            last = strongest(problems); // what they refer to is watched only now
        }
        for (SearchedFolder folder : folders) {
            folder.unwatched().ifPresent(problem -> {
                problems.add(problem);
                lookLater();
            });
            folder.hanging().ifPresent(problems::add);
        }
        found.accept(last, List.copyOf(problems));
    }

    /** Does something with all folders side by side, and says whether that is true of any of them. */
    private boolean results(Function<SearchedFolder, Begun<Boolean>> work) throws InterruptedException {
        boolean any = false;
        for (Begun<Boolean> begun : folders.stream().map(work).toList()) {
            any |= begun.result().orElse(false);
        }
        return any;
    }

    private void lookLater() {
        if (retrying.compareAndSet(false, true)) {
            later(PAUSE, () -> {
                retrying.set(false);
                wake();
            });
        }
    }

    private Map<String, Sighting> strongest(Set<String> problems) throws InterruptedException {
        var all = new HashSet<Path>();
        var outOfReach = new HashSet<Path>();
        for (SearchedFolder folder : folders) {
            all.addAll(folder.listing().files());
            outOfReach.addAll(folder.hangs() ? folder.listing().files() : Set.of());
        }
        Map<String, List<Path>> candidates = new LinkedHashMap<>();
        Set<String> names = SearchOrder.names(all);
        names.stream()
                .limit(Roster.MOST)
                .forEach(name -> candidates.put(name, SearchOrder.of(where, name)
                        .stream()
                        .filter(all::contains)
                        .toList()));
        if (names.size() > Roster.MOST) {
            problems.add("there are " + names.size() + " legacy plugins; only the first " + Roster.MOST
                    + " are looked at");
        }
        Map<Path, Sighting> sightings = files
                .at(candidates.values().stream().flatMap(List::stream).toList(), outOfReach::contains);
        var strongest = new LinkedHashMap<String, Sighting>();
        candidates.forEach((name, paths) -> {
            var seen = paths.stream().map(sightings::get).toList();
            Sighting.strongest(seen).ifPresent(one -> strongest.put(name, one));
            Sighting.told(seen).forEach(problem -> problems.add("legacy plugin " + name + ": " + problem));
        });
        return strongest;
    }

    /** Ends the watches, and whoever waits for a look. What looks at a file meanwhile is ended with its threads. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            boolean _ = closing.tryEmitEmpty().isSuccess(); // closing is done once
            return Mono.when(folders.stream().map(folder -> folder.close(outside.timers())).toList());
        });
    }
}
