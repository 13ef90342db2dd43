package dev.patchbay.event;

import dev.patchbay.plugin.InterfaceType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection that writes to a journal's file; one thread at a time. Blocks. */
final class SqliteWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final int CHECKPOINT_PAGES = 1024;
    private static final int WAL_BYTES = 16 << 20;
    private static final int TRIM_STEP = 4096;
    private static final int LEAST_TRIM = 64;
    private static final int VACUUM_PAGES = 512;
    private static final long NANOS = 1_000_000_000L;

    private final Path file;
    private final String epoch;
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement trim;
    private final PreparedStatement pages;
    private Bounds bounds;
    private long latest;

    private SqliteWriter(Path file, String epoch, Connection connection) throws SQLException {
        this.file = file;
        this.epoch = epoch;
        this.connection = connection;
        this.insert = connection.prepareStatement("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)");
        // The newest stays. What is older than another by its place is so by "latest", too: a beginning is deleted.
        this.trim = connection
                .prepareStatement("DELETE FROM event WHERE seq < ? AND (seq < ? OR latest < ?)");
        this.pages = connection.prepareStatement("SELECT (SELECT page_count FROM pragma_page_count)"
                + " - (SELECT freelist_count FROM pragma_freelist_count)");
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SqliteSchema.ENDS)) {
            boolean _ = row.next();
            long head = row.getLong(2);
            this.bounds = new Bounds(epoch, head == 0 ? 1 : row.getLong(1), head);
            this.latest = head == 0 ? Long.MIN_VALUE : row.getLong(3);
        }
        connection.commit();
    }

    /**
     * Takes a file over: it counts as not closed from here on, whatever happens.
     *
     * @param connection of a file that is in order, or was made; in a transaction
     */
    static SqliteWriter own(Path file, Connection connection, SqliteSchema.Owner owner) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE epoch SET name = ?, durability = ?, boot = ?, closed = 0")) {
                update.setString(1, owner.name());
                update.setString(2, owner.durability().wireName());
                update.setString(3, owner.boot());
                int _ = update.executeUpdate();
            }
            connection.commit(); // on the disk before the first event, see SqliteJournal
            connection.setAutoCommit(true);
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            statement.execute("PRAGMA journal_size_limit = " + WAL_BYTES);
            synchronous(statement, owner.durability() == Durability.SYNC);
        }
        connection.setAutoCommit(false);
        return new SqliteWriter(file, owner.name(), connection);
    }

    /** Whether a commit waits for the disk. If not, it does so only before it moves on to the file itself: power that
     * goes costs the end, never the order. */
    static void synchronous(Statement statement, boolean full) throws SQLException {
        statement.execute("PRAGMA synchronous = " + (full ? "FULL" : "NORMAL"));
    }

    Bounds bounds() {
        return bounds;
    }

    /** Appends events, and lets about as many go if there are too many. */
    void append(List<LoggedEvent> events, Retention retention, Instant now) {
        try {
            long newest = latest;
            for (LoggedEvent event : events) {
                newest = Math.max(newest, nanos(event.event().time()));
                put(event, newest);
            }
            insert.executeBatch();
            latest = newest;
            long head = bounds.head() + events.size();
            long oldest = bounds.oldest()
                    + delete(new Bounds(epoch, bounds.oldest(), head), retention, now,
                            2 * events.size() + LEAST_TRIM);
            connection.commit();
            bounds = new Bounds(epoch, oldest, head);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void put(LoggedEvent logged, long newest) throws SQLException {
        PluginEvent event = logged.event();
        insert.setLong(1, logged.seq());
        insert.setLong(2, newest);
        insert.setString(3, event.type().wireName());
        insert.setString(4, event.pluginHex());
        insert.setString(5, event.name());
        insert.setString(6, event.types().isEmpty()
                ? ""
                : event.types()
                        .stream()
                        .map(InterfaceType::toString)
                        .collect(Collectors.joining(SqliteSchema.BETWEEN_TYPES)));
        insert.setBytes(7, logged.json());
        insert.addBatch();
    }

    /** Lets some of what is too much go, and gives room back. True if that was not all. */
    boolean tidy(Retention retention, Instant now) {
        try {
            long gone = delete(bounds, retention, now, TRIM_STEP);
            connection.commit();
            bounds = new Bounds(epoch, bounds.oldest() + gone, bounds.head());
            giveRoomBack();
            return gone == TRIM_STEP;
        } catch (SQLException e) {
            undo();
            throw failed(e);
        }
    }

    private void giveRoomBack() throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            if (SqliteSchema.number(statement, "PRAGMA freelist_count") > VACUUM_PAGES) {
                statement.execute("PRAGMA incremental_vacuum(" + VACUUM_PAGES + ")");
            }
        } finally {
            connection.setAutoCommit(false); // whatever became of it, the next append is one transaction
        }
    }

    private void undo() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("{}: nothing to undo: {}", file, e.getMessage());
        }
    }

    private long delete(Bounds now, Retention retention, Instant time, int most) throws SQLException {
        if (now.head() == 0) {
            return 0;
        }
        long oldest = now.oldest();
        long kept = now.head() - retention.maxEvents() + 1;
        trim.setLong(1, Math.min(oldest + most, now.head()));
        trim.setLong(2, isTooLarge(retention) ? oldest + most : kept);
        trim.setLong(3, nanos(time.minus(retention.maxAge())));
        return trim.executeUpdate();
    }

    private boolean isTooLarge(Retention retention) throws SQLException {
        try (ResultSet row = pages.executeQuery()) {
            return row.next() && row.getLong(1) * SqliteSchema.PAGE_BYTES > retention.maxBytes();
        }
    }

    /** Marks it as closed, on the disk, if it is as it should be, and closes it. */
    void finish() {
        try (connection) {
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                synchronous(statement, true);
                int _ = statement.executeUpdate("UPDATE epoch SET closed = 1");
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Closes it as it is. */
    @Override
    public void close() {
        try (connection) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException e) {
            LOG.debug("{} is closed: {}", file, e.getMessage());
        }
    }

    private JournalException failed(SQLException cause) {
        return SqliteTrouble.at(file, cause);
    }

    /** As far as the years go that fit. */
    static long nanos(Instant time) {
        long most = Long.MAX_VALUE / NANOS - 1;
        return Math.clamp(time.getEpochSecond(), -most, most) * NANOS + time.getNano();
    }
}
