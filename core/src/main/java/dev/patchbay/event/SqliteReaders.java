package dev.patchbay.event;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/** The connections that read one epoch of a journal: as many as read at a time, kept for the next. */
final class SqliteReaders {
    private final SqliteFile file;
    private final String epoch;
    private final Deque<SqliteReader> idle = new ArrayDeque<>(); // under the lock, as all that follows
    private int busy;
    private boolean closed;

    SqliteReaders(SqliteFile file, String epoch) {
        this.file = file;
        this.epoch = epoch;
    }

    /** Reads something. Blocks. */
    <T> T read(Function<SqliteReader, T> query) {
        SqliteReader reader = take();
        try {
            return query.apply(reader);
        } finally {
            giveBack(reader);
        }
    }

    private SqliteReader take() {
        synchronized (this) {
            if (closed) {
                throw new JournalException("the event journal is closed");
            }
            busy++;
            SqliteReader first = idle.poll();
            if (first != null) {
                return first;
            }
        }
        try {
            return SqliteReader.open(file, epoch);
        } catch (RuntimeException e) {
            synchronized (this) {
                busy--;
            }
            throw e;
        }
    }

    private void giveBack(SqliteReader reader) {
        synchronized (this) {
            if (!closed) {
                idle.push(reader);
                busy--;
                return;
            }
        }
        reader.close();
        synchronized (this) {
            busy--; // not before: who is told that there are none may delete what it would delete then
        }
    }

    /** Closes those that do not read; the others follow. False if there are any. */
    synchronized boolean close() {
        closed = true;
        idle.forEach(SqliteReader::close);
        idle.clear();
        return busy == 0;
    }
}
