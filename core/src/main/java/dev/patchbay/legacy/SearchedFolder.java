package dev.patchbay.legacy;

import dev.patchbay.legacy.MayHang.Begun;
import dev.patchbay.stream.TimeLimit;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One of the folders in which plugins are looked for: what lay in it when it last answered, and the watch over it. Each has a
 * look and a watch of its own, so that one on a file system that hangs costs the others nothing: the JDK has one thread for
 * each watch, which asks the kernel and reads its news, and hangs with whatever it asks for.
 */
final class SearchedFolder {
    /** Folders come into being while they are being looked at. */
    private static final int MOST_REPEATS = 4;

    private final Path folder;
    private final Means means;
    private final FileLooks files;
    private final Runnable changed;
    private final MayHang work;
    private final Object opening = new Object();
    private @Nullable FolderWatch watch; // guarded by opening
    private boolean closed; // guarded by opening
    private volatile Listing listing = Listing.NOTHING; // one look at a time
    private volatile Optional<String> unwatched = Optional.empty();

    /**
     * How a folder is looked at.
     *
     * @param lister says what lies in a folder; may block, and hang
     * @param watches opens what tells of changes
     * @param limit how long anything is waited for
     */
    record Means(Function<Path, Listing> lister, Opener watches, Duration limit) {
        static Means usual(LegacyFolders all) {
            return new Means(folder -> FolderLook.at(all, folder),
                    () -> FileSystems.getDefault().newWatchService(), FileLooks.LIMIT);
        }
    }

    /** Opens what tells of changes. */
    @FunctionalInterface
    interface Opener {
        WatchService open() throws IOException;
    }

    /**
     * Looks at nothing yet.
     *
     * @param files looks at what lies in all of them
     * @param work does what is asked of this one
     * @param changed is called when something in it has changed; must not block
     */
    SearchedFolder(Path folder, Means means, FileLooks files, MayHang work, Runnable changed) {
        this.folder = folder;
        this.means = means;
        this.files = files;
        this.work = work;
        this.changed = changed;
    }

    /** Begins to look what lies in it, and to watch that. */
    Begun<Boolean> look() {
        Begun<Listing> begun = work.begin(this::list);
        return () -> {
            Optional<Listing> now = begun.result();
            now.ifPresent(it -> listing = it);
            return now.map(_ -> true);
        };
    }

    /** Begins to watch what its files refer to. The result is whether some of that was not watched before. */
    Begun<Boolean> watchReferences() {
        return work.begin(() -> watch(listing));
    }

    /** What lay in it when it last answered. */
    Listing listing() {
        return listing;
    }

    boolean hangs() {
        return work.hangs();
    }

    /** Why changes of it go by unheard, if they do. */
    Optional<String> unwatched() {
        return unwatched;
    }

    /** What an operator should know if it hangs. */
    Optional<String> hanging() {
        return hangs()
                ? Optional.of(folder + ", where legacy plugins are looked for, has not answered for "
                        + means.limit().toSeconds()
                        + " s, and is not looked at until it does; look whether it, or"
                        + " what a file in it refers to, is on a file system that hangs")
                : Optional.empty();
    }

    /** Watched first and looked at then, so that nothing is missed in between. */
    private Listing list() {
        Listing now = means.lister().apply(folder);
        for (int i = 0; i < MOST_REPEATS && watch(now); i++) {
            now = means.lister().apply(folder);
        }
        return now;
    }

    /** Whether something is watched that was not. */
    private boolean watch(Listing now) {
        Map<Path, Set<String>> watched = new LinkedHashMap<>(now.watched());
        FolderWatch.join(watched, files.watched(now.files()));
        try {
            boolean more = opened().keep(watched);
            unwatched = Optional.empty();
            return more;
        } catch (IOException e) {
            unwatched = Optional
                    .of("changes of legacy plugins are not noticed, and are looked for every minute: "
                            + e.getMessage());
            return false;
        }
    }

    private FolderWatch opened() throws IOException {
        synchronized (opening) {
            if (closed) {
                throw new ClosedWatchServiceException();
            }
            if (watch == null) {
                watch = FolderWatch.open(means.watches().open(), changed);
            }
            return watch;
        }
    }

    /** Ends the watch. While it hangs, the JDK's thread that watches does so too, and is not waited for. */
    Mono<Void> close(Scheduler timers) {
        return Mono.defer(() -> {
            synchronized (opening) {
                closed = true;
                if (watch == null) {
                    return Mono.empty();
                }
                watch.end();
                return work.hangs()
                        ? Mono.empty()
                        : TimeLimit.on(watch.ended(), means.limit(), timers, Mono.empty());
            }
        });
    }
}
