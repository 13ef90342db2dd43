package dev.patchbay.legacy;

import dev.patchbay.text.Quoted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Tells that something in some folders has changed. One inotify instance and one thread, which waits for it; folders are
 * named by one other thread at a time.
 */
final class FolderWatch {
    private final WatchService service;
    private final Runnable changed;
    private final Thread thread;
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private volatile Map<WatchKey, Set<String>> keys = Map.of();

    private FolderWatch(WatchService service, Runnable changed) {
        this.service = service;
        this.changed = changed;
        this.thread = Thread.ofPlatform().daemon().name("legacy-watch").unstarted(this::run);
    }

    /**
     * Opens one that watches nothing yet. Must be closed.
     *
     * @param service belongs to it from here on
     * @param changed is called on its thread, and must not block
     */
    static FolderWatch open(WatchService service, Runnable changed) {
        var watch = new FolderWatch(service, changed);
        watch.thread.start();
        return watch;
    }

    /**
     * Watches these folders and no others. Each is named again every time: the same path may lead to another folder by now,
     * of which the old key knows nothing, whereas a folder that is the same keeps its key.
     *
     * @param folders with the names that matter in each; all, if none is given
     * @return whether one of them, or one of the names, was not watched before, so that it must be looked at once more
     * @throws IOException if the kernel refuses one that is there
     */
    boolean keep(Map<Path, Set<String>> folders) throws IOException {
        Map<WatchKey, Set<String>> before = keys;
        var now = new HashMap<WatchKey, Set<String>>();
        IOException refused = null;
        for (var folder : folders.entrySet()) {
            try {
                // Two paths may lead to one folder.
                now.merge(register(folder.getKey()), folder.getValue(), FolderWatch::both);
            } catch (NoSuchFileException | NotDirectoryException _) {
                // Its parent is watched.
            } catch (IOException e) {
                refused = new IOException(folder.getKey() + " cannot be watched: "
                        + Quoted.shortened(String.valueOf(e.getMessage())), e);
            }
        }
        keys = Map.copyOf(now);
        before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(WatchKey::cancel);
        if (refused != null) {
            throw refused;
        }
        return now.entrySet().stream().anyMatch(entry -> grew(before.get(entry.getKey()), entry.getValue()));
    }

    /** What happened to a name before it was known to matter went by unheard, also in a folder that was watched. */
    private static boolean grew(@Nullable Set<String> before, Set<String> now) {
        return before == null || (!before.isEmpty() && (now.isEmpty() || !before.containsAll(now)));
    }

    private WatchKey register(Path folder) throws IOException {
        return folder.register(service, StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY);
    }

    /** Adds folders and names to others. */
    static void join(Map<Path, Set<String>> folders, Map<Path, Set<String>> more) {
        more.forEach((folder, names) -> folders.merge(folder, names, FolderWatch::both));
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Set.of();
        }
        var both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                List<WatchEvent<?>> events = key.pollEvents();
                boolean gone = !key.reset();
                if (gone || matters(keys.get(key), events)) {
                    changed.run();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // It is over.
        } finally {
            finish();
        }
    }

    /** An event without a name says that there were more than the kernel keeps (inotify(7)). */
    private static boolean matters(@Nullable Set<String> names,
            List<WatchEvent<?>> events) {
        return names != null && (names.isEmpty() || events.stream()
                .anyMatch(
                        event -> !(event.context() instanceof Path name) || names.contains(name.toString())));
    }

    private void finish() {
        try {
            service.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            var _ = ended.tryEmitEmpty(); // once
        }
    }

    /** Ends the thread and what it waits for. Waits for neither. */
    void end() {
        thread.interrupt();
    }

    /** When both are over: as long as a folder hangs that is being watched, the JDK's own thread does. */
    Mono<Void> ended() {
        return ended.asMono();
    }
}
