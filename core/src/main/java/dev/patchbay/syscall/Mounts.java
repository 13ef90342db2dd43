package dev.patchbay.syscall;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Mount operations that need root. They block briefly, ignore interrupts and may be called from any blocking thread.
 */
public final class Mounts {
    /** Read-only ({@code MS_RDONLY}). */
    public static final long READ_ONLY = 1;
    /** Ignores set-user-id bits ({@code MS_NOSUID}). */
    public static final long NO_SUID = 2;
    /** Ignores device nodes ({@code MS_NODEV}). */
    public static final long NO_DEV = 4;
    /** Runs no programs ({@code MS_NOEXEC}). */
    public static final long NO_EXEC = 8;
    /** Changes the options of a mount ({@code MS_REMOUNT}). */
    public static final long REMOUNT = 32;
    /** Makes a directory visible at a second place ({@code MS_BIND}). */
    public static final long BIND = 4096;
    /** With the mounts below it ({@code MS_REC}). */
    public static final long RECURSIVE = 16384;
    /** Stops propagation ({@code MS_PRIVATE}). */
    public static final long PRIVATE = 1 << 18;
    /** Receives from its master only ({@code MS_SLAVE}). */
    public static final long SLAVE = 1 << 19;
    /** Propagates both ways ({@code MS_SHARED}). */
    public static final long SHARED = 1 << 20;

    /**
     * How often {@link #detachAll} and {@link #unmountBelow} look again for mounts that appeared meanwhile or were hidden
     * below others.
     */
    static final int MAX_ROUNDS = 16;

    private Mounts() {}

    /** Bind-mounts a directory or file, without the mounts below it. */
    public static void bind(Path source, Path target) throws ErrnoException {
        Syscalls.mount(source.toString(), target, "", BIND, "");
    }

    /** Makes a mount and all below it propagate both ways, as {@code mount --make-rshared}. */
    public static void makeRecursivelyShared(Path target) throws ErrnoException {
        Syscalls.mount("", target, "", SHARED | RECURSIVE, "");
    }

    /** Detaches the topmost mount at a place at once, even if it is busy; never follows a symbolic link. */
    public static void detach(Path target) throws ErrnoException {
        Syscalls.unmount(target, Syscalls.MNT_DETACH | Syscalls.UMOUNT_NOFOLLOW);
    }

    /**
     * Detaches whatever is mounted at a place, one mount upon the other, each with all that is mounted below it. Does not
     * read the table of mounts, whose length is everybody's. Nothing there, or no such place: nothing happens.
     *
     * @throws IOException if a mount cannot be detached, or new ones keep appearing
     */
    public static void detachAll(Path place) throws IOException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            try {
                detach(place);
            } catch (ErrnoException e) {
                if (e.is(Errno.EINVAL) || e.is(Errno.ENOENT)) {
                    return;
                }
                throw e;
            }
        }
        throw new IOException("mounts at " + place + " keep coming back");
    }

    /** Tells whether something is mounted exactly at a place, which is no link. */
    public static boolean isMounted(Path place) throws IOException {
        Optional<Boolean> told = Syscalls.isMountRoot(place);
        if (told.isPresent()) {
            return told.get();
        }
        Path real = place.toRealPath();
        return MountTable.read().entries().stream().anyMatch(entry -> entry.mountPoint().equals(real));
    }

    /**
     * Detaches every mount strictly below a directory, deepest first. Not a mount there: nothing happens.
     *
     * @throws IOException if a mount cannot be detached, or new ones keep appearing
     */
    public static void unmountBelow(Path directory) throws IOException {
        Path real = directory.toRealPath();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<MountEntry> mounts = MountTable.read().below(real);
            if (mounts.isEmpty()) {
                return;
            }
            for (MountEntry mount : mounts) {
                detachListed(mount.mountPoint());
            }
        }
        throw new IOException("mounts below " + directory + " keep coming back: " + MountTable.read()
                .below(real)
                .stream()
                .map(mount -> mount.mountPoint().toString())
                .toList());
    }

    private static void detachListed(Path mountPoint) throws ErrnoException {
        try {
            detach(mountPoint);
        } catch (ErrnoException e) {
            // Gone since the table was read: unmounting one member of a peer group unmounts the others.
            if (!e.is(Errno.EINVAL) && !e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
