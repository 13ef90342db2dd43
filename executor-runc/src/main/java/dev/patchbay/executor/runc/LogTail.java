package dev.patchbay.executor.runc;

import dev.patchbay.executor.LogLine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The standing reader of a running container's log: hands each line on, remembers the last ones of stderr, and has the
 * log rotated. Confined to the log thread after it was made.
 */
final class LogTail implements Closeable {
    private static final int LINES_PER_TURN = 1000;

    private final LogFolder folder;
    private final LogReader reader;
    private final Path control;
    private final LogPlace silentUntil;
    private final RuncExecutorConfig config;
    private final LastLines lastErrors = new LastLines();

    /** Makes one that reads on from where the reader is, and hands on the lines that end behind a place. */
    LogTail(LogFolder folder, LogReader reader, Path control, LogPlace silentUntil,
            RuncExecutorConfig config) {
        this.folder = folder;
        this.reader = reader;
        this.control = control;
        this.silentUntil = silentUntil;
        this.config = config;
    }

    LogFolder folder() {
        return folder;
    }

    /**
     * Hands on some lines.
     *
     * @return whether there may be more: others get their turn first
     */
    boolean turn(Consumer<LogLine> target) throws IOException {
        int lines = 0;
        Optional<LogLine> line = reader.next();
        while (line.isPresent() && lines < LINES_PER_TURN) {
            hand(line.get(), target);
            lines++;
            line = lines < LINES_PER_TURN ? reader.next() : Optional.empty();
        }
        folder.rotate(config.logLimits(), Optional.of(control));
        return lines == LINES_PER_TURN;
    }

    /**
     * Ends the tail of a container that has ended, when {@link #turn} has found no more. An unended last line becomes a
     * line, here and in the file, so that the next container's output does not continue it.
     */
    void end(Consumer<LogLine> target) throws IOException {
        try {
            for (LogLine.Stream stream : reader.unended()) {
                folder.append(LogEntry.end(config.clock().instant(), stream));
            }
        } finally {
            reader.flush().forEach(line -> hand(line, target));
            reader.close();
        }
    }

    /** The last lines of stderr, oldest first. */
    List<String> lastErrors() {
        return lastErrors.list();
    }

    private void hand(LogLine line, Consumer<LogLine> target) {
        lastErrors.add(line);
        if (reader.place().compareTo(silentUntil) > 0) {
            target.accept(line);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
