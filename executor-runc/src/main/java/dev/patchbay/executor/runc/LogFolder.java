package dev.patchbay.executor.runc;

import dev.patchbay.plugin.PluginId;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * A plugin's log: the file {@code log}, which the monitor writes, and older ones, {@code log.1} upwards, highest newest.
 * Numbers are never used again, so a reader that has finished one file knows which is next.
 *
 * <p>Rotation loses nothing: the file is renamed first, then the monitor is told to open it again. It goes on writing
 * the renamed one until it has opened the new one, so a file is complete once a later one exists.
 */
final class LogFolder {
    private static final String CURRENT = "log";
    private static final Pattern OLDER = Pattern.compile("log\\.([0-9]{1,18})");

    // conmon, ctrl.c: type 2 on the control FIFO opens the logs again; the other two fields are unused then.
    private static final byte[] REOPEN = {'2', ' ', '0', ' ', '0', '\n'};

    private final PluginId plugin;
    private final Path folder;
    private final Sinks.Many<Integer> wakes = Sinks.many().multicast().directBestEffort();
    private long current; // guarded by this; 0 until it is known
    private boolean reopenOwed; // guarded by this; whether the monitor was to be told of a rotation and was not yet

    LogFolder(PluginId plugin, Path folder) {
        this.plugin = plugin;
        this.folder = folder;
    }

    /** One file of the log, open. */
    record Segment(long number, RandomAccessFile file) {}

    PluginId plugin() {
        return plugin;
    }

    Path folder() {
        return folder;
    }

    /** The file that the monitor writes. */
    Path currentFile() {
        return folder.resolve(CURRENT);
    }

    /** Signs that there may be more to read. Hot; each view needs a buffer of its own. */
    Flux<Integer> wakes() {
        return wakes.asFlux();
    }

    /** Wakes readers; only the thread that all log work runs on may. */
    void wake() {
        // Best effort is enough: a reader that is busy, and so not asking, looks again when it is done.
        wakes.tryEmitNext(1);
    }

    /** Opens the oldest file later than this number; empty if there is none. */
    synchronized Optional<Segment> openAfter(long number) throws IOException {
        NavigableMap<Long, Path> files = files();
        for (Entry<Long, Path> file : files.tailMap(number, false).entrySet()) {
            Optional<RandomAccessFile> opened = open(file.getValue());
            if (opened.isPresent()) {
                return Optional.of(new Segment(file.getKey(), opened.get()));
            }
        }
        return Optional.empty();
    }

    /** Opens the file with this number; empty if there is none. */
    synchronized Optional<Segment> open(long number) throws IOException {
        Optional<Path> file = current != 0 && number == current
                ? Optional.of(currentFile())
                : Optional.ofNullable(files().get(number));
        return file.isEmpty()
                ? Optional.empty()
                : open(file.get()).map(opened -> new Segment(number, opened));
    }

    /** The end of what is written now. */
    synchronized LogPlace end() throws IOException {
        Entry<Long, Path> newest = files().lastEntry();
        return newest == null
                ? new LogPlace(current, 0)
                : new LogPlace(newest.getKey(), newest.getValue().toFile().length());
    }

    /** Where the next container's output begins: the end of the current file, also of one that is yet to be made. */
    synchronized LogPlace next() throws IOException {
        files();
        return new LogPlace(current, currentFile().toFile().length());
    }

    /**
     * Tells a monitor to open the current file if there is none: whoever rotated died before he could say so, and the
     * monitor writes the older one for as long as nobody does.
     */
    synchronized void reopenIfMissing(Path control) throws IOException {
        if (!Files.exists(currentFile(), LinkOption.NOFOLLOW_LINKS) && !files().isEmpty()) {
            tellToReopen(control);
        }
    }

    /** Whether a later file exists, so that this one is complete. */
    synchronized boolean complete(long number) {
        return current > number + 1
                || (current == number + 1 && Files.exists(currentFile(), LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Begins a new file if the current one is large enough, and drops the oldest ones.
     *
     * @param control the monitor's control FIFO, if it lives
     */
    synchronized void rotate(RuncExecutorConfig.LogLimits limits, Optional<Path> control) throws IOException {
        if (reopenOwed && control.isPresent()) {
            tellToReopen(control.get());
        }
        File file = currentFile().toFile();
        // A missing file, of length 0, is one that the monitor has not opened again yet.
        if (file.length() < limits.rotateAtBytes()) {
            return;
        }
        NavigableMap<Long, Path> files = files();
        Files.move(currentFile(), folder.resolve(CURRENT + "." + current));
        current++;
        if (control.isPresent()) {
            reopenOwed = true;
            tellToReopen(control.get());
        }
        while (files.size() > limits.files() - 1) {
            Files.deleteIfExists(files.pollFirstEntry().getValue());
        }
    }

    private void tellToReopen(Path control) throws IOException {
        // For reading too: a FIFO that nobody reads any more would block us when opened for writing alone (fifo(7)).
        try (RandomAccessFile fifo = new RandomAccessFile(control.toFile(), "rw")) {
            fifo.write(REOPEN);
        }
        reopenOwed = false;
    }

    /** Ends a line that a container left unended, so that the next one's output is not joined to it. */
    void append(byte[] entry) throws IOException {
        Files.write(currentFile(), entry, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private NavigableMap<Long, Path> files() throws IOException {
        var files = new TreeMap<Long, Path>();
        for (Path file : Entries.in(folder)) {
            Matcher older = OLDER.matcher(String.valueOf(file.getFileName()));
            if (older.matches()) {
                files.put(Long.parseLong(older.group(1)), file);
            }
        }
        if (current == 0) {
            current = files.isEmpty() ? 1 : files.lastKey() + 1;
        }
        if (Files.exists(currentFile(), LinkOption.NOFOLLOW_LINKS)) {
            files.put(current, currentFile());
        }
        return files;
    }

    private static Optional<RandomAccessFile> open(Path file) throws IOException {
        try {
            // Not a channel: an interrupt, which is how a cancelled reading ends, would close that under another thread.
            return Optional.of(new RandomAccessFile(file.toFile(), "r"));
        } catch (java.io.FileNotFoundException e) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
