package dev.patchbay.benchmarks.micro;

import dev.patchbay.benchmarks.events.StreamFrames;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.Durability;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A table of numbers and bytes in SQLite, in WAL mode, one transaction for each batch, as many events kept as by ours. */
@State(Scope.Benchmark)
public class PlainSqlite {
    static final int KEPT = 500_000;

    /** What events outlive. */
    @Param({"BATCH", "SYNC"})
    public Durability durability = Durability.BATCH;

    private final Place place = Folders.onDisk();
    private @Nullable Connection connection;
    private @Nullable PreparedStatement insert;
    private @Nullable PreparedStatement trim;
    private long seq;

    /** Makes it. */
    @Setup(Level.Trial)
    public void open() throws SQLException {
        var made = DriverManager.getConnection("jdbc:sqlite:" + place.folder().resolve("plain.db"));
        try (Statement statement = made.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + (durability == Durability.SYNC ? "FULL" : "NORMAL"));
            statement.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, json BLOB NOT NULL)");
        }
        made.setAutoCommit(false);
        insert = made.prepareStatement("INSERT INTO event VALUES (?, ?)");
        trim = made.prepareStatement("DELETE FROM event WHERE seq <= ?");
        connection = made;
    }

    void append(int count) throws SQLException {
        var into = Objects.requireNonNull(insert);
        for (int i = 0; i < count; i++) {
            into.setLong(1, ++seq);
            into.setBytes(2, StreamFrames.event(new Cursor("0123456789abcdef", seq)).json());
            into.addBatch();
        }
        int[] _ = into.executeBatch();
        var from = Objects.requireNonNull(trim);
        from.setLong(1, seq - KEPT);
        int _ = from.executeUpdate();
        Objects.requireNonNull(connection).commit();
    }

    /** Reads the newest events, page by page, each page a query as a subscriber's is. */
    void read(int pages, int page, Consumer<byte[]> sink) throws SQLException {
        try (var select = Objects.requireNonNull(connection)
                .prepareStatement("SELECT json FROM event WHERE seq > ? ORDER BY seq LIMIT ?")) {
            for (int number = pages; number > 0; number--) {
                select.setLong(1, seq - (long) number * page);
                select.setInt(2, page);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        sink.accept(rows.getBytes(1));
                    }
                }
            }
        }
    }

    /** Deletes it. */
    @TearDown(Level.Trial)
    public void delete() throws SQLException {
        Objects.requireNonNull(connection).close();
        Folders.delete(place);
    }
}
