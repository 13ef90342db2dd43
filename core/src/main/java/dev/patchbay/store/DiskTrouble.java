package dev.patchbay.store;

import dev.patchbay.syscall.ErrnoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Sentences for what the disk refused: the act, the path, the cause, and what a person can do about it. */
final class DiskTrouble {
    // What strerror(3) says, in lower case, and the remedy. Unknown causes are told without one.
    private static final Map<String, String> REMEDIES = Map.of(
            "no space left", "free space or inodes on that file system and try again",
            "quota exceeded", "raise the quota or free space and try again",
            "read-only file system", "remount it writable and try again",
            "permission denied", "run as the owner of the plugin directory, usually root",
            "not permitted",
            "run as the owner of the plugin directory, usually root; a file may also be immutable",
            "too many open files", "raise the limit on open files",
            "input/output error", "check the device and the kernel's log",
            "busy", "find what still uses it, for example with fuser -m");

    private DiskTrouble() {}

    /** Makes the exception for an act that failed. */
    static StoreException at(DiskStep step, Path path, IOException cause) {
        return new StoreException("cannot " + step.verb() + " " + path + ": " + sentence(cause), cause);
    }

    /** The cause and its remedy, as the end of a sentence. */
    private static String sentence(IOException cause) {
        String reason = reason(cause);
        return remedy(reason).map(remedy -> reason + "; " + remedy).orElse(reason);
    }

    /** What a person can do about a cause that lies with the host; empty for any other. */
    static Optional<String> remedy(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        return REMEDIES.entrySet()
                .stream()
                .filter(remedy -> lower.contains(remedy.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException _ -> "no such file or directory";
            case FileAlreadyExistsException _ -> "it exists already";
            case DirectoryNotEmptyException _ -> "the folder is not empty";
            case AccessDeniedException _ -> "permission denied";
            case ClosedByInterruptException _ -> "interrupted";
            case ErrnoException e ->
                e.errno().map(errno -> errno.meaning()).orElse("error number " + e.number());
            case FileSystemException e ->
                Objects.requireNonNullElse(e.getReason(), e.getClass().getSimpleName());
            default -> Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        };
    }
}
