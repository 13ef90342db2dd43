package dev.patchbay.executor.runc;

import dev.patchbay.executor.LogLine;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A place in a plugin's log that moves forward, from file to file. Not for two threads at once, but closing is allowed
 * from any.
 */
final class LogReader implements Closeable {
    // Grows where a log has more to read at once, and as far as an entry needs: most plugins are silent for long.
    private static final int FIRST_BYTES = 4 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MAX_ENTRY_BYTES = 1 << 20;

    private final LogFolder folder;
    private final LineJoiner joiner;
    private final Clock clock;
    private Optional<LogFolder.Segment> segment = Optional.empty();
    private long lastNumber;
    private byte[] buffer = {};
    private int from;
    private int to;
    private long offset; // in the file, of what is behind the buffer's content
    private boolean filled; // by the last read: there may be more
    private boolean skipping;
    private boolean closed;

    private LogReader(LogFolder folder, long lastNumber, Clock clock) {
        this.folder = folder;
        this.lastNumber = lastNumber;
        this.clock = clock;
        this.joiner = new LineJoiner(folder.plugin());
    }

    /** Starts at the oldest line. */
    static LogReader atStart(LogFolder folder, Clock clock) {
        return new LogReader(folder, 0, clock);
    }

    /** Starts at a place, at the oldest line if that is gone. What is behind it must be the beginning of an entry. */
    static LogReader at(LogFolder folder, LogPlace place, Clock clock) throws IOException {
        Optional<LogFolder.Segment> segment = folder.open(place.file());
        boolean yetToCome = segment.isEmpty() && folder.end().compareTo(place) <= 0;
        var reader = new LogReader(folder, yetToCome ? place.file() - 1 : 0, clock);
        if (segment.isPresent()) {
            reader.offset = Math.min(place.offset(), segment.get().file().length());
            segment.get().file().seek(reader.offset);
            reader.segment = segment;
            reader.lastNumber = place.file();
        }
        return reader;
    }

    /** Starts with the first entry that begins after a place, which may be anywhere. */
    static LogReader after(LogFolder folder, LogPlace place, Clock clock) throws IOException {
        LogReader reader = at(folder, place, clock);
        reader.skipping = place.offset() > 0;
        return reader;
    }

    /** Where the next line's first entry begins, if nothing of it was read yet. */
    synchronized LogPlace place() {
        return new LogPlace(segment.isPresent() ? lastNumber : lastNumber + 1, offset - (to - from));
    }

    /** The next line; empty if there is none yet. */
    synchronized Optional<LogLine> next() throws IOException {
        while (!closed) {
            Optional<LogLine> line = buffered();
            if (line.isPresent()) {
                return line;
            }
            if (segment.isPresent() && fill(segment.get())) {
                continue;
            }
            if (segment.isPresent() && !folder.complete(segment.get().number())) {
                return Optional.empty();
            }
            // Once more, now that the file is known to be complete: its last lines may have come in between.
            if (segment.isPresent() && fill(segment.get())) {
                continue;
            }
            long before = lastNumber;
            if (!moveOn()) {
                return Optional.empty();
            }
            if (before > 0 && lastNumber > before + 1) {
                return Optional.of(lost());
            }
        }
        return Optional.empty();
    }

    /** The lines that are not ended, as they are. */
    synchronized List<LogLine> flush() {
        return joiner.flush();
    }

    /** The streams whose last line is not ended. */
    synchronized List<LogLine.Stream> unended() {
        return joiner.unended();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (segment.isPresent()) {
            segment.get().file().close();
            segment = Optional.empty();
        }
    }

    private Optional<LogLine> buffered() {
        while (true) {
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            if (end == to) {
                return Optional.empty();
            }
            // What has another form was cut by a crash of the monitor or of the machine, and is nobody's line.
            Optional<LogLine> line = skipping
                    ? Optional.empty()
                    : LogEntry.parse(buffer, from, end).flatMap(joiner::add);
            skipping = false;
            from = end + 1;
            if (line.isPresent()) {
                return line;
            }
        }
    }

    private boolean fill(LogFolder.Segment open) throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length && buffer.length >= MAX_ENTRY_BYTES) {
            skipping = true;
            to = 0;
        } else if (to == buffer.length || (filled && buffer.length < CHUNK_BYTES)) {
            buffer = Arrays.copyOf(buffer, Math.max(FIRST_BYTES, buffer.length * 2));
        }
        int read = open.file().read(buffer, to, buffer.length - to);
        if (read > 0) {
            to += read;
            offset += read;
        }
        filled = to == buffer.length;
        return read > 0;
    }

    private boolean moveOn() throws IOException {
        Optional<LogFolder.Segment> next = folder.openAfter(lastNumber);
        if (next.isEmpty()) {
            return false;
        }
        if (segment.isPresent()) {
            segment.get().file().close();
        }
        segment = next;
        lastNumber = next.get().number();
        from = 0;
        to = 0;
        offset = 0;
        return true;
    }

    private LogLine lost() {
        return new LogLine(
                folder.plugin(),
                clock.instant(),
                LogLine.Stream.STDERR,
                "(patchbay: lines are missing here, the log was rotated faster than it was read)");
    }
}
