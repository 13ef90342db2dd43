package dev.patchbay.event;

import dev.patchbay.plugin.InterfaceType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that reads a journal's file; one thread at a time. Each answer is of one moment, whatever is appended or
 * trimmed meanwhile, and keeps neither from going on. Blocks.
 */
final class SqliteReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteReader.class);

    private final Path file;
    private final String epoch;
    private final Connection connection;
    private final PreparedStatement ends;
    private final PreparedStatement all;
    private final PreparedStatement some;
    private final PreparedStatement latest;

    private SqliteReader(Path file, String epoch, Connection connection) throws SQLException {
        this.file = file;
        this.epoch = epoch;
        this.connection = connection;
        this.ends = connection.prepareStatement(SqliteSchema.ENDS);
        this.all = connection
                .prepareStatement("SELECT seq, json FROM event WHERE seq > ? ORDER BY seq LIMIT ?");
        this.some = connection.prepareStatement("SELECT seq, type, plugin, name, types, json FROM event"
                + " WHERE seq > ? ORDER BY seq LIMIT ?");
        this.latest = connection.prepareStatement("SELECT latest FROM event WHERE seq = ?");
    }

    static SqliteReader open(SqliteFile file, String epoch) {
        try {
            return new SqliteReader(file.path(), epoch, file.toRead());
        } catch (SQLException e) {
            throw SqliteTrouble.at(file.path(), e);
        }
    }

    /** See {@link EventJournal#read}. */
    EventPage page(long after, int max, EventFilter filter) {
        return atOneMoment(bounds -> {
            long from = Math.max(after, bounds.oldest() - 1);
            var found = new ArrayList<LoggedEvent>();
            PreparedStatement query = filter.isAll() ? all : some;
            query.setLong(1, from);
            query.setInt(2, max);
            long seq = from;
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    seq++;
                    if (row.getLong(1) != seq) {
                        throw new DamagedJournalException(file, "event " + seq + " is missing", null);
                    }
                    if (filter.isAll()) {
                        found.add(LoggedEvent.of(new Cursor(epoch, seq), row.getBytes(2)));
                    } else if (passes(row, seq, filter)) {
                        found.add(LoggedEvent.of(new Cursor(epoch, seq), row.getBytes(6)));
                    }
                }
            }
            return new EventPage(new Cursor(epoch, from), EventSignal.Loss.TRIMMED, seq, found,
                    bounds.head());
        });
    }

    private boolean passes(ResultSet row, long seq, EventFilter filter) throws SQLException {
        EventType type = EventType.of(row.getString(2))
                .orElseThrow(() -> new DamagedJournalException(file,
                        "event " + seq + " is of no type that there is",
                        null));
        return filter.test(type, row.getString(3), row.getString(4), types(row.getString(5)));
    }

    private static List<InterfaceType> types(String words) {
        return words.isEmpty()
                ? List.of()
                : Stream.of(words.split(SqliteSchema.BETWEEN_TYPES, -1)).map(InterfaceType::parse).toList();
    }

    /** See {@link EventJournal#before}. */
    long before(Instant time) {
        long wanted = SqliteWriter.nanos(time);
        return atOneMoment(bounds -> {
            long low = bounds.oldest();
            long high = bounds.head() + 1;
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (latest(middle) < wanted) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
        });
    }

    private long latest(long seq) throws SQLException {
        latest.setLong(1, seq);
        try (ResultSet row = latest.executeQuery()) {
            if (!row.next()) {
                throw new DamagedJournalException(file, "event " + seq + " is missing", null);
            }
            return row.getLong(1);
        }
    }

    private interface Query<T> {
        T answer(Bounds bounds) throws SQLException;
    }

    private <T> T atOneMoment(Query<T> query) {
        try {
            try {
                return query.answer(bounds());
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw SqliteTrouble.at(file, e);
        }
    }

    private Bounds bounds() throws SQLException {
        try (ResultSet row = ends.executeQuery()) {
            boolean _ = row.next();
            long head = row.getLong(2);
            return new Bounds(epoch, head == 0 ? 1 : row.getLong(1), head);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("{} is closed: {}", file, e.getMessage());
        }
    }
}
