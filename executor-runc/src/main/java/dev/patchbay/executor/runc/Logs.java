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
    // Twice what a monitor writes at once: whether the last line was ended is to be seen in it.
    private static final int READ_BEFORE_BYTES = 16 * 1024;

    private final RuncExecutorConfig config;
    private final Layout layout;
    private final Map<PluginId, LogFolder> folders = new ConcurrentHashMap<>();
    private final OutputBus bus = new OutputBus();
    private final FolderWatch watch;
    private final ExecutorService events = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("runtime-events").factory());

    Logs(RuncExecutorConfig config, Layout layout, FolderWatch watch) {
        this.config = config;
        this.layout = layout;
        this.watch = watch;
    }

    /** The log of a container that is about to start or runs. */
    final class Session {
        private final LogTail tail;
        private final LogPlace start;
        private final boolean newFolder;
        private boolean readWholly = true; // set before anybody else sees it
        private final AtomicBoolean queued = new AtomicBoolean();
        private Optional<WatchKey> key = Optional.empty();
        private Optional<Consumer<List<String>>> ending = Optional.empty(); // log thread only
        private boolean over; // log thread only

        private Session(LogTail tail, LogPlace start, boolean newFolder) {
            this.tail = tail;
            this.start = start;
            this.newFolder = newFolder;
        }

        Path file() {
            return tail.folder().currentFile();
        }

        /** Where the container's output begins. */
        LogPlace start() {
            return start;
        }

        /** Reads to the end, then calls with the last lines of stderr, on the log thread. May block. */
        void finish(Consumer<List<String>> then) {
            Optional<List<String>> all = readWholly ? Optional.empty() : readBack();
            execute(() -> {
                ending = Optional.of(lines -> then.accept(all.orElse(lines)));
                turn();
            });
        }

        private Optional<List<String>> readBack() {
            PluginId plugin = tail.folder().plugin();
            try {
                return Optional.of(lastErrors(plugin, start));
            } catch (IOException | RuntimeException | Error e) { // whatever it is, the exit must be told
                LOG.warn("plugin {}: its log cannot be read from its beginning", plugin, e);
                return Optional.empty();
            }
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
                tail.folder().wake();
            } catch (IOException | RuntimeException | Error e) { // whatever it is, the exit must be told
                LOG.warn("plugin {}: its log cannot be read or rotated", tail.folder().plugin(), e);
            }
            if (more) {
                wake();
            } else {
                ending.ifPresent(this::end);
            }
        }

        private void end(Consumer<List<String>> then) {
            over = true;
            try {
                key.ifPresent(watch::cancel);
                tail.end(bus::publish);
                tail.folder().wake();
            } catch (IOException | RuntimeException | Error e) {
                LOG.warn("plugin {}: its log cannot be ended", tail.folder().plugin(), e);
            }
            then.accept(tail.lastErrors());
        }
    }

    /** Makes the log of a container ready before its start. Blocks. */
    Session begin(PluginId plugin) throws IOException {
        LogFolder folder = folder(plugin);
        boolean newFolder = !Files.exists(folder.folder());
        Files.createDirectories(folder.folder());
        folder.rotate(config.logLimits(), Optional.empty());
        endLines(folder);
        LogPlace start = folder.next();
        LogReader reader = LogReader.at(folder, start, config.clock());
        var tail = new LogTail(folder, reader, control(plugin), start, config);
        return watched(new Session(tail, start, newFolder));
    }

    /**
     * Goes on with the log of a container that an earlier process started: its new lines reach the bus, rotation works.
     * What was written before is read silently, a little of it, since the last line may not be ended. Blocks.
     *
     * @param start where its output begins
     */
    Session resume(PluginId plugin, LogPlace start) throws IOException {
        LogFolder folder = folder(plugin);
        Files.createDirectories(folder.folder());
        folder.reopenIfMissing(control(plugin));
        LogPlace end = folder.end();
        LogPlace near = end.back(READ_BEFORE_BYTES);
        boolean readWholly = near.compareTo(start) <= 0;
        LogReader reader = readWholly
                ? LogReader.at(folder, start, config.clock())
                : LogReader.after(folder, near, config.clock());
        var session = new Session(new LogTail(folder, reader, control(plugin), end, config), start, false);
        session.readWholly = readWholly;
        watched(session).wake(); // what came between the two may be all there is for long
        return session;
    }

    private Session watched(Session session) throws IOException {
        Path folder = session.tail.folder().folder();
        boolean done = false;
        try {
            session.key = Optional.of(watch.register(folder, (_, _) -> session.wake()));
            done = true;
            return session;
        } finally {
            if (!done) {
                session.abandon(); // there is a limit on watches, and each try would leave an open file
            }
        }
    }

    private Path control(PluginId plugin) {
        return Layout.control(layout.bundle(plugin));
    }

    // A container that ended while nobody listened may have left its last line unended, and the next one would continue it.
    private void endLines(LogFolder folder) throws IOException {
        LogPlace near = folder.end().back(READ_BEFORE_BYTES);
        try (LogReader reader = LogReader.after(folder, near, config.clock())) {
            while (reader.next().isPresent()) {
                // only how it ends matters
            }
            for (LogLine.Stream stream : reader.unended()) {
                folder.append(LogEntry.end(config.clock().instant(), stream));
            }
        }
    }

    /** The last lines of stderr that were written from a place on, oldest first. Reads all that is left of them. Blocks. */
    List<String> lastErrors(PluginId plugin, LogPlace start) throws IOException {
        var last = new LastLines();
        try (LogReader reader = LogReader.at(folder(plugin), start, config.clock())) {
            for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                last.add(line.get());
            }
            reader.flush().forEach(last::add);
        }
        return last.list();
    }

    Flux<LogLine> output(Scheduler threads) {
        return bus.listen(threads);
    }

    Flux<LogLine> read(PluginId plugin, LogQuery query, Scheduler threads) {
        return Flux.defer(() -> LogReading.of(folder(plugin), query, threads, config.clock()));
    }

    /** Those of whom there is a log. Blocks. */
    List<PluginId> plugins() throws IOException {
        return PluginFolders.in(layout.logRoot());
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
    public void close() {
        events.shutdown();
    }
}
