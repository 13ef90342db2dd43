package dev.patchbay.executor.runc;

import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogQuery;
import dev.patchbay.plugin.PluginId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * All plugins' logs. One thread, {@code runtime-events}, reads what running containers write, rotates, hands lines to the
 * bus and wakes followers; it is also the one on which exits are told, after the last line.
 */
final class Logs implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Map<PluginId, LogFolder> folders = new ConcurrentHashMap<>();
    private final OutputBus bus = new OutputBus();
    private final LogWatch watch;
    private final ExecutorService events = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("runtime-events").factory());

    Logs(RuncExecutorConfig config, Layout layout) throws IOException {
        this.config = config;
        this.layout = layout;
        this.watch = LogWatch.open();
    }

    /** The log of a container that is about to start or runs. */
    final class Session {
        private final LogTail tail;
        private final boolean newFolder;
        private final AtomicBoolean queued = new AtomicBoolean();
        private Optional<WatchKey> key = Optional.empty();
        private Optional<Consumer<List<String>>> ending = Optional.empty(); // log thread only
        private boolean over; // log thread only

        private Session(LogTail tail, boolean newFolder) {
            this.tail = tail;
            this.newFolder = newFolder;
        }

        Path file() {
            return tail.folder().currentFile();
        }

        /** Reads to the end, then calls with the last lines of stderr, on the log thread. */
        void finish(Consumer<List<String>> then) {
            execute(() -> {
                ending = Optional.of(then);
                turn();
            });
        }

        /** Gives up after a failed start; a folder that it made goes if nothing was written. */
        void abandon() throws IOException {
            key.ifPresent(watch::cancel);
            tail.close();
            if (newFolder && (!Files.exists(file()) || Files.size(file()) == 0)) {
                FileTree.remove(tail.folder().folder());
            }
        }

        private void wake() {
            if (queued.compareAndSet(false, true)) {
                execute(this::turn);
            }
        }

        private void turn() {
            if (over) {
                return;
            }
            queued.set(false);
            boolean more = false;
            try {
                more = tail.turn(bus::publish);
            } catch (IOException | RuntimeException e) { // whatever it is, the exit must be told
                LOG.warn("plugin {}: its log cannot be read or rotated", tail.folder().plugin(), e);
            }
            tail.folder().wake();
            if (more) {
                wake();
            } else {
                ending.ifPresent(this::end);
            }
        }

        private void end(Consumer<List<String>> then) {
            over = true;
            key.ifPresent(watch::cancel);
            try {
                tail.end(bus::publish);
            } catch (IOException | RuntimeException e) {
                LOG.warn("plugin {}: its log cannot be ended", tail.folder().plugin(), e);
            }
            tail.folder().wake();
            then.accept(tail.lastErrors());
        }
    }

    /** Makes the log of a container ready before its start. Blocks. */
    Session begin(PluginId plugin) throws IOException {
        LogFolder folder = folder(plugin);
        boolean newFolder = !Files.exists(folder.folder());
        Files.createDirectories(folder.folder());
        folder.rotate(config.logLimits(), Optional.empty());
        Path control = Layout.control(layout.bundle(plugin));
        LogReader reader = LogReader.atEnd(folder, config.clock());
        var tail = new LogTail(folder, reader, control, config.logLimits(), config.clock());
        var session = new Session(tail, newFolder);
        session.key = Optional.of(watch.register(folder.folder(), session::wake));
        return session;
    }

    Flux<LogLine> output(Scheduler threads) {
        return bus.listen(threads);
    }

    Flux<LogLine> read(PluginId plugin, LogQuery query, Scheduler threads) {
        return Flux.defer(() -> LogReading.of(folder(plugin), query, threads, config.clock()));
    }

    /** Removes a plugin's log. Blocks. */
    void forget(PluginId plugin) throws IOException {
        FileTree.remove(layout.logs(plugin));
        folders.remove(plugin);
    }

    private LogFolder folder(PluginId plugin) {
        return folders.computeIfAbsent(plugin, id -> new LogFolder(id, layout.logs(id)));
    }

    private void execute(Runnable task) {
        try {
            events.execute(task);
        } catch (RejectedExecutionException _) {
            LOG.debug("closed: output of plugins is not read any more");
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
        events.shutdown();
    }
}
