package dev.patchbay.event;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite complains of, in sentences for an operator. */
final class SqliteTrouble {
    private static final int PRIMARY = 0xff;

    private SqliteTrouble() {}

    /** Makes the exception for something that failed. */
    static JournalException at(Path file, SQLException cause) {
        return isDamage(cause)
                ? new DamagedJournalException(file, String.valueOf(cause.getMessage()), cause)
                : new JournalException(file + ": " + cause.getMessage() + remedy(cause), cause);
    }

    private static String remedy(SQLException cause) {
        return switch (code(cause)) {
            case SQLITE_FULL -> "; free space on that file system, or let the journal keep less";
            case SQLITE_READONLY -> "; remount the file system writable, and see whose file it is";
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> "; see who may write in that folder";
            case SQLITE_IOERR -> "; look at the kernel's log, and at the free space";
            case SQLITE_BUSY, SQLITE_LOCKED -> "; another program holds it open: end that";
            default -> "";
        };
    }

    private static boolean isDamage(SQLException cause) {
        return switch (code(cause)) {
            case SQLITE_CORRUPT, SQLITE_NOTADB -> true;
            default -> false;
        };
    }

    /** The code without its details. */
    private static SQLiteErrorCode code(SQLException cause) {
        return cause instanceof SQLiteException e
                ? SQLiteErrorCode.getErrorCode(e.getResultCode().code & PRIMARY)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }
}
