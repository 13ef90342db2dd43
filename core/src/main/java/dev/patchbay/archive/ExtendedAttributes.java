package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.Kind;
import dev.patchbay.syscall.ErrnoException;
import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The extended attributes that are taken from an archive: {@code user.*}, {@code trusted.*} and
 * {@code security.capability}.
 *
 * <p>All others are ignored: ACLs and security labels ({@code system.*}, {@code security.selinux}, {@code security.ima})
 * follow the policy of the host that made the archive, not of this one, and {@code *.overlay.*} would be orders to an
 * overlay mount. An attribute that is taken but cannot be stored fails the entry, for a program without its
 * capabilities does not work.
 */
final class ExtendedAttributes {
    private static final String CAPABILITY = "security.capability";
    private static final String USER = "user.";
    private static final String TRUSTED = "trusted.";

    private final Ownership ownership;

    ExtendedAttributes(Ownership ownership) {
        this.ownership = ownership;
    }

    void apply(TarItem item, Path place) throws IOException {
        for (Map.Entry<String, byte[]> attribute : item.metadata().attributes().entrySet()) {
            if (taken(attribute.getKey(), item.kind())) {
                set(item, place, attribute);
            }
        }
    }

    private boolean taken(String name, Kind kind) {
        if (name.startsWith("user.overlay.") || name.startsWith("trusted.overlay.")) {
            return false;
        }
        boolean privileged = name.equals(CAPABILITY) || name.startsWith(TRUSTED);
        return switch (ownership) {
            case AS_ARCHIVED -> privileged || (name.startsWith(USER) && mayHaveUserAttributes(kind));
            case CURRENT_USER -> name.startsWith(USER) && mayHaveUserAttributes(kind);
        };
    }

    /** The kernel has {@code user.*} on files and directories only (xattr(7)). */
    private static boolean mayHaveUserAttributes(Kind kind) {
        return switch (kind) {
            case Kind.Regular _,Kind.Directory _ -> true;
            case Kind.Symlink _,Kind.HardLink _,Kind.Device _,Kind.Fifo _ -> false;
        };
    }

    private static void set(TarItem item, Path place, Map.Entry<String, byte[]> attribute)
            throws IOException {
        try {
            Syscalls.setExtendedAttribute(place, attribute.getKey(), attribute.getValue());
        } catch (ErrnoException e) {
            throw new EntryNotPlacedException(item.name(), "its extended attribute "
                    + ArchiveException.quoted(attribute.getKey()) + " cannot be stored: " + e.getMessage(),
                    e);
        } catch (IllegalArgumentException _) {
            throw new UnsafeEntryException(item.name(),
                    "the name of an extended attribute holds a NUL character");
        }
    }
}
