package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that containers end. A monitor that this process started is its child, so the JVM tells. One that an earlier
 * process started is not: there inotify tells of the exit file that it leaves, and a slow tick finds monitors that died
 * without one.
 */
final class ExitWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ExitWatch.class);

    private final Layout layout;
    private final FolderWatch folders;
    private final ExecutorService threads;
    private final Map<PluginId, Stranger> strangers = new ConcurrentHashMap<>();
    private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();
    private boolean watching; // guarded by this

    private record Stranger(ProcessIdentity monitor, Runnable ended) {}

    /** Makes one that calls back on these threads. */
    ExitWatch(Layout layout, FolderWatch folders, ExecutorService threads) {
        this.layout = layout;
        this.folders = folders;
        this.threads = threads;
    }

    /** Calls once when our own monitor has ended, also if it ended already. */
    void child(Process monitor, Runnable ended) {
        // Also if it fails: then the JDK had no thread to wait for the exit code.
        var _ = monitor.onExit().whenComplete((_, _) -> execute(ended));
    }

    /** Calls once when another process's monitor has left an exit file or died, also if it has already. Blocks. */
    void stranger(PluginId plugin, ProcessIdentity monitor, Runnable ended) throws IOException {
        watchExits();
        strangers.put(plugin, new Stranger(monitor, ended));
        // Now that nothing can be missed any more: an exit file that came before the watch.
        look(plugin);
    }

    /**
     * Looks for monitors that are gone, of which inotify does not tell, and tells what could not be told before. Blocks; to be
     * called every few seconds.
     */
    void lookAtAll() {
        for (int waiting = untold.size(); waiting > 0; waiting--) { // those that are too early once more come back
            Runnable task = untold.poll();
            if (task != null) {
                execute(task);
            }
        }
        strangers.forEach((plugin, stranger) -> {
            if (hasEnded(plugin, stranger.monitor())) {
                over(plugin, stranger);
            }
        });
    }

    // Without an answer it counts as alive: the next look is a few seconds away, and an end cannot be untold.
    private static boolean hasEnded(PluginId plugin, ProcessIdentity monitor) {
        try {
            return !monitor.alive();
        } catch (IOException e) {
            LOG.warn("plugin {}: whether its monitor runs cannot be told, and will be asked again: {}",
                    plugin,
                    e.getMessage());
            return false;
        }
    }

    private synchronized void watchExits() throws IOException {
        if (!watching) {
            Files.createDirectories(layout.exits());
            folders.register(layout.exits(), this::changed);
            watching = true;
        }
    }

    // On the watch's thread. Monitors write a temporary file first, whose name is no plugin's.
    private void changed(List<String> names, boolean complete) {
        List<PluginId> those = complete
                ? names.stream().flatMap(name -> PluginId.parse(name).stream()).toList()
                : List.copyOf(strangers.keySet());
        for (PluginId plugin : those) {
            execute(() -> look(plugin));
        }
    }

    private void look(PluginId plugin) {
        Stranger stranger = strangers.get(plugin);
        boolean ended = stranger != null
                && (Files.exists(layout.exitFile(plugin), LinkOption.NOFOLLOW_LINKS)
                        || hasEnded(plugin, stranger.monitor()));
        if (stranger != null && ended) {
            over(plugin, stranger);
        }
    }

    private void over(PluginId plugin, Stranger stranger) {
        if (strangers.remove(plugin, stranger)) {
            execute(stranger.ended());
        }
    }

    private void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException _) {
            LOG.debug("closed: ends of containers are not told any more");
        } catch (OutOfMemoryError e) {
            LOG.warn("whether a container has ended is looked at, and told, a few seconds late: {}",
                    e.getMessage());
            untold.add(task);
        }
    }
}
