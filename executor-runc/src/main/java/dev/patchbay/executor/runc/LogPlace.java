package dev.patchbay.executor.runc;

import java.util.Comparator;

/**
 * A place between two bytes of a plugin's log.
 *
 * @param file the number of the file, see {@link LogFolder}
 * @param offset bytes from the beginning of that file
 */
record LogPlace(long file, long offset) implements Comparable<LogPlace> {
    /** Before the oldest line. */
    static final LogPlace OLDEST = new LogPlace(0, 0);

    private static final Comparator<LogPlace> ORDER = Comparator.comparingLong(LogPlace::file)
            .thenComparingLong(LogPlace::offset);

    @Override
    public int compareTo(LogPlace other) {
        return ORDER.compare(this, other);
    }

    /** The place so many bytes earlier in the same file, or its beginning. */
    LogPlace back(long bytes) {
        return new LogPlace(file, Math.max(0, offset - bytes));
    }
}
