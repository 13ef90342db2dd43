package dev.patchbay.event;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * What a journal's file looks like inside. Anybody may look with {@code sqlite3}:
 *
 * <pre>{@code
 * SELECT seq, type, name, CAST(json AS TEXT) FROM event ORDER BY seq DESC LIMIT 10;
 * }</pre>
 */
final class SqliteSchema {
    private static final int APPLICATION = 0x50425630; // "PBV0"
    private static final int VERSION = 1;
    static final int PAGE_BYTES = 8192;

    /** Separates a plugin's interface types, which may have spaces in them (ASCII's unit separator). */
    static final String BETWEEN_TYPES = "\u001f";

    /** The lowest and the highest number, and the latest time: one query each, or SQLite looks at every event. */
    static final String ENDS = "SELECT (SELECT min(seq) FROM event), (SELECT max(seq) FROM event),"
            + " (SELECT latest FROM event ORDER BY seq DESC LIMIT 1)";

    private SqliteSchema() {}

    /**
     * The epoch that a file is of.
     *
     * @param name its name
     * @param durability what it was written with last
     * @param boot the run of the machine that it was written in last
     * @param closed whether it was closed
     */
    record Owner(String name, Durability durability, String boot, boolean closed) {
        /** Whether an event may be missing at its end that somebody has heard of. */
        boolean mayHaveLostItsEnd(String presentBoot) {
            boolean isOfThisRun = !boot.isEmpty() && boot.equals(presentBoot); // some kernels have no name for it
            return !closed && durability != Durability.SYNC && !isOfThisRun;
        }
    }

    /** Whose file it is; empty if it is a new one. */
    static Optional<Owner> owner(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long application = number(statement, "PRAGMA application_id");
            if (application == 0 && number(statement, "SELECT count(*) FROM sqlite_master") == 0) {
                return Optional.empty();
            }
            long version = number(statement, "PRAGMA user_version");
            if (application != APPLICATION) {
                throw new DamagedJournalException(file, "it is a database of another program", null);
            } else if (version != VERSION) {
                throw new DamagedJournalException(file,
                        "it is of version " + version + ", and this program needs "
                                + VERSION,
                        null);
            }
            try (ResultSet row = statement.executeQuery("SELECT name, durability, boot, closed FROM epoch")) {
                if (!row.next()) {
                    throw new DamagedJournalException(file, "it says nothing of its epoch", null);
                }
                return Optional.of(new Owner(row.getString(1),
                        row.getString(2).equals(Durability.SYNC.wireName())
                                ? Durability.SYNC
                                : Durability.BATCH,
                        row.getString(3), row.getBoolean(4)));
            }
        }
    }

    /** Reads all of it. */
    static void check(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
            String result = row.next() ? row.getString(1) : "nothing";
            if (!result.equals("ok")) {
                throw new DamagedJournalException(file, result, null);
            }
        }
    }

    /** Makes a new file what it is to be, but for its owner. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Both before the first page: pages that are no longer needed go back to the file system.
            statement.execute("PRAGMA page_size = " + PAGE_BYTES);
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            wal(connection);
            connection.setAutoCommit(false);
            statement.execute("PRAGMA application_id = " + APPLICATION);
            statement.execute("PRAGMA user_version = " + VERSION);
            statement.execute("CREATE TABLE epoch(name TEXT NOT NULL, durability TEXT NOT NULL,"
                    + " boot TEXT NOT NULL, closed INTEGER NOT NULL)");
            // latest: the latest time of any event up to this one, in ns; never falls, unlike the clock.
            // json: last, so that the rest can be read without it.
            statement.execute("CREATE TABLE event(seq INTEGER PRIMARY KEY, latest INTEGER NOT NULL,"
                    + " type TEXT NOT NULL, plugin TEXT NOT NULL, name TEXT NOT NULL, types TEXT NOT NULL,"
                    + " json BLOB NOT NULL)");
            statement.execute("INSERT INTO epoch VALUES ('', '', '', 1)");
        }
    }

    static void wal(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA journal_mode = WAL")) {
            if (!row.next() || !"wal".equalsIgnoreCase(row.getString(1))) {
                throw new JournalException(
                        "this file system does not let SQLite share memory; keep the journal on"
                                + " another one");
            }
        }
    }

    static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
