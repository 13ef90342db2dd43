package dev.patchbay.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells who holds the lock on a file, from the kernel's list of locks (proc_locks(5)). */
final class LockHolder {
    private static final int KIND = 1;
    private static final int PROCESS = 4;
    private static final int FILE = 5;

    private LockHolder() {}

    /** The process that holds a POSIX lock on a file; empty if that cannot be seen. */
    static Optional<Long> of(Path file, Path proc) {
        try (Stream<String> locks = Files.lines(proc.resolve("locks"))) {
            String wanted = name(Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS));
            return locks.map(line -> line.strip().split(" +"))
                    .filter(fields -> fields.length > FILE && fields[KIND].equals("POSIX")
                            && fields[FILE].equals(wanted))
                    .map(fields -> Long.valueOf(fields[PROCESS]))
                    .filter(process -> process > 0) // of another process namespace
                    .findFirst();
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            return Optional.empty(); // the sentence that this completes is true without it
        }
    }

    /** As the kernel writes it: major and minor device number in hexadecimal, and the inode. */
    private static String name(Map<String, Object> attributes) {
        long device = ((Number) attributes.getOrDefault("dev", 0L)).longValue();
        long inode = ((Number) attributes.getOrDefault("ino", 0L)).longValue();
        long major = ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffL);
        long minor = (device & 0xff) | ((device >> 12) & ~0xffL);
        return "%02x:%02x:%d".formatted(major, minor, inode);
    }
}
