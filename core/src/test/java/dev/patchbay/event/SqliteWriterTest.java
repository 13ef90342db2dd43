package dev.patchbay.event;

import static dev.patchbay.event.JournalsOnDisk.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What writes to a journal's file, when the file does not do what it should. */
final class SqliteWriterTest {
    private static final int EVENTS = 16_384;
    private static final long NORMAL = 1; // SQLite's numbers
    private static final long FULL = 2;
    private static final Retention ALL = new Retention(Long.MAX_VALUE, Duration.ofDays(1), Long.MAX_VALUE);
    private static final Retention FEW = new Retention(1, Duration.ofDays(1), Long.MAX_VALUE);

    @TempDir
    Path folder;

    @Test
    void appendsAfterItCouldNotGiveRoomBack() throws SQLException {
        NativeSqlite.load(folder);
        var file = new SqliteFile(folder.resolve("events.db"));
        file.prepare();
        Connection connection = file.toWrite();
        SqliteSchema.create(connection);
        var owner = new SqliteSchema.Owner("e", Durability.BATCH, JournalsOnDisk.BOOT, false);
        try (SqliteWriter writer = SqliteWriter.own(file.path(), withoutVacuum(connection), owner)) {
            writer.append(events(1, EVENTS), ALL, NOW);

            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> {
                while (writer.tidy(FEW, NOW)) {
                    // there is more
                }
            }).withMessageContaining("nothing is given back");
            writer.append(events(EVENTS + 1, 1), FEW, NOW);

            assertThat(writer.bounds().head()).isEqualTo(EVENTS + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BATCH", "SYNC"})
    void commitsWaitForTheDiskUntilTheFileIsMarkedAsOpen(Durability durability) throws SQLException {
        NativeSqlite.load(folder);
        var file = new SqliteFile(folder.resolve("events.db"));
        file.prepare();
        Connection connection = file.toWrite();
        SqliteSchema.create(connection);
        try (Statement statement = connection.createStatement()) {
            assertThat(SqliteSchema.number(statement, "PRAGMA synchronous")).isEqualTo(FULL);
            var owner = new SqliteSchema.Owner("e", durability, JournalsOnDisk.BOOT, false);
            SqliteWriter writer = SqliteWriter.own(file.path(), connection, owner);

            assertThat(SqliteSchema.number(statement, "PRAGMA synchronous"))
                    .isEqualTo(durability == Durability.SYNC ? FULL : NORMAL);
            writer.close();
        }
    }

    private static List<LoggedEvent> events(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> LoggedEvent.of(JournalsOnDisk.at(NOW, i).at(new Cursor("e", i))))
                .toList();
    }

    /** A connection that does everything but give room back. */
    private static Connection withoutVacuum(Connection connection) {
        return proxy(Connection.class, connection, (name, result) -> name.equals("createStatement")
                ? proxy(Statement.class, (Statement) result, (_, value) -> value)
                : result);
    }

    private interface Change {
        Object apply(String method, Object result);
    }

    private static <T> T proxy(Class<T> type, T target, Change change) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof String text
                            && text.contains("incremental_vacuum")) {
                        throw new SQLException("nothing is given back");
                    }
                    try {
                        return change.apply(method.getName(), method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
