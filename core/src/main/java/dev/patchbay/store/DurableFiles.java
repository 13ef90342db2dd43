package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * The one class through which the store changes the disk.
 *
 * <p>Invariants: a file or folder appears under its name whole or not at all; what is promised durable has its data,
 * then its name synced (rename(2) alone orders nothing; moby leaves out the second sync, D45); no link is followed in
 * the last part of a path; an act that fails is undone before the {@link StoreException} leaves. Each method blocks.
 */
final class DurableFiles {
    /** For the owner alone. */
    static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");
    /** As containerd makes the folders of its content store. */
    static final Set<PosixFilePermission> PUBLIC_FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");
    /** A record. */
    static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");
    /** An immutable blob. */
    static final Set<PosixFilePermission> BLOB = PosixFilePermissions.fromString("r--r--r--");

    /** How the names of files begin that are about to get another name (moby's pkg/atomicwriter). */
    static final String TEMPORARY_PREFIX = ".tmp-";

    private static final int RANDOM_BYTES = 8;

    private final DiskProbe probe;

    DurableFiles(DiskProbe probe) {
        this.probe = probe;
    }

    /** Runs one act; its failure becomes a sentence. */
    <T> T step(DiskStep step, Path path, IoCall<T> act) {
        try {
            probe.before(step, path);
            return act.call();
        } catch (IOException e) {
            throw DiskTrouble.at(step, path, e);
        }
    }

    /** An act on the disk. */
    @FunctionalInterface
    interface IoCall<T> {
        T call() throws IOException;
    }

    /** A name that nobody else uses. No secret: who can see these folders is root. So nothing is read for it, and any thread may ask. */
    String unique(String prefix) {
        byte[] bytes = new byte[RANDOM_BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }

    /** Whether there is a folder, not a link to one. */
    static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes a folder, and those above it with the same mode, durably, unless it is there. */
    void ensureFolder(Path folder, Set<PosixFilePermission> mode) {
        if (isFolder(folder)) {
            return;
        }
        Path parent = parent(folder);
        if (!Files.isDirectory(parent)) {
            ensureFolder(parent, mode);
        }
        createFolder(folder, mode);
        syncFolder(parent);
    }

    /** Makes a folder that must be new. Its name is not synced. */
    void createFolder(Path folder, Set<PosixFilePermission> mode) {
        step(DiskStep.CREATE, folder, () -> {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mode));
            // The umask has been applied above and must not matter.
            return Files.setPosixFilePermissions(folder, mode);
        });
    }

    /** Opens a file that must be new, for writing. */
    FileChannel create(Path file, Set<PosixFilePermission> mode) {
        return step(DiskStep.CREATE, file, () -> FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(mode)));
    }

    /** Writes all of the buffer. */
    void write(Path file, FileChannel channel, ByteBuffer bytes) {
        step(DiskStep.WRITE, file, () -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return file;
        });
    }

    /** Waits until a file's data and size are on the disk. */
    void sync(Path file, FileChannel channel) {
        step(DiskStep.SYNC, file, () -> {
            channel.force(true);
            return file;
        });
    }

    /** Waits until the names in a folder are on the disk. */
    void syncFolder(Path folder) {
        step(DiskStep.SYNC, folder, () -> {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ,
                    LinkOption.NOFOLLOW_LINKS)) {
                channel.force(true);
            }
            return folder;
        });
    }

    /**
     * Replaces a file durably; if that fails, the previous content is there again.
     *
     * @param previous what the file holds now, empty if it does not exist
     */
    void replace(Path target, byte[] content, Optional<byte[]> previous) {
        renameOver(writeTemporary(target, content, Durability.SYNCED), target);
        try {
            syncFolder(parent(target));
        } catch (StoreException e) {
            undo(e, () -> restore(target, previous));
            throw e;
        }
    }

    /** Writes a file that does not exist yet, durably. */
    void writeNew(Path target, byte[] content) {
        replace(target, content, Optional.empty());
    }

    /** Replaces a file at once and whole, but not durably: after a power loss the old content may be back. */
    void replaceUnsynced(Path target, byte[] content) {
        renameOver(writeTemporary(target, content, Durability.AS_IT_COMES), target);
    }

    /** Renames durably; if that fails, the old name is there again. The target must not exist, or be an empty folder. */
    void rename(Path from, Path to) {
        step(DiskStep.RENAME, from, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
        try {
            syncFolder(parent(to));
            if (!parent(from).equals(parent(to))) {
                syncFolder(parent(from));
            }
        } catch (StoreException e) {
            undo(e, () -> step(DiskStep.RENAME, to,
                    () -> Files.move(to, from, StandardCopyOption.ATOMIC_MOVE)));
            throw e;
        }
    }

    /** Gives a finished temporary file its name, in place of whatever has it; a link there is replaced, not followed. */
    void renameOver(Path temporary, Path target) {
        try {
            step(DiskStep.RENAME, target,
                    () -> Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE));
        } catch (StoreException e) {
            undo(e, () -> delete(temporary));
            throw e;
        }
    }

    /** Renames durably, in place of whatever has the name; if that fails, both may have changed. */
    void move(Path from, Path to) {
        step(DiskStep.RENAME, from, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
        syncFolder(parent(to));
        syncFolder(parent(from));
    }

    /** Gives a file a second name, durably. Whoever replaces the file under one name leaves the other alone. */
    void link(Path file, Path name) {
        step(DiskStep.CREATE, name, () -> Files.createLink(name, file));
        syncFolder(parent(name));
    }

    /** Deletes a file or empty folder if it is there, and tells whether it was. Not synced. */
    boolean delete(Path path) {
        return step(DiskStep.DELETE, path, () -> Files.deleteIfExists(path));
    }

    /** Deletes what a process left in a folder that died while it wrote a file there, dockerd too. */
    void deleteTemporaries(Path folder) {
        list(folder).stream()
                .filter(file -> isTemporary(Layout.name(file)))
                .forEach(this::delete);
    }

    /** Whether a file of this name is of a replacement that was cut off. */
    static boolean isTemporary(String name) {
        return name.startsWith(TEMPORARY_PREFIX);
    }

    /** The entries of a folder, by full path, in no order; none if there is no such folder. */
    List<Path> list(Path folder) {
        return step(DiskStep.LIST, folder, () -> {
            List<Path> entries = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                stream.forEach(entries::add);
            } catch (NoSuchFileException _) {
                return List.of(); // nothing was ever written there
            } catch (DirectoryIteratorException e) {
                throw e.getCause(); // the disk failed after the first entries
            }
            return List.copyOf(entries);
        });
    }

    /** The names in a folder; none if there is no such folder. Looks at none of what they name. */
    Set<String> names(Path folder) {
        return list(folder).stream().map(Layout::name).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * A whole file, empty if there is none. Never follows a link, never waits for a pipe.
     *
     * @param maxBytes what a sane file has at most; a larger one is an error
     */
    Optional<byte[]> read(Path file, int maxBytes) {
        return step(DiskStep.READ, file, () -> {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("it is not a regular file");
            }
            try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] content = in.readNBytes(maxBytes + 1);
                if (content.length > maxBytes) {
                    throw new IOException("it has more than " + maxBytes + " bytes");
                }
                return Optional.of(content);
            }
        });
    }

    /** Runs what takes an act back, after the act failed; a second failure is told with the first. */
    static void undo(Throwable failure, Runnable takingBack) {
        try {
            takingBack.run();
        } catch (StoreException e) {
            failure.addSuppressed(e);
        }
    }

    /** The folder that holds an absolute path other than the root. */
    static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent");
        }
        return parent;
    }

    private void restore(Path target, Optional<byte[]> previous) {
        previous.ifPresentOrElse(content -> restore(target, content), () -> delete(target));
    }

    /** What was taken back has data that are synced, or a loss of power could leave neither the old nor the new. */
    private void restore(Path target, byte[] previous) {
        try {
            renameOver(writeTemporary(target, previous, Durability.SYNCED), target);
        } catch (StoreException e) {
            undo(e, () -> replaceUnsynced(target, previous)); // the second best: nothing has changed for who reads now
        }
    }

    private Path writeTemporary(Path target, byte[] content, Durability durability) {
        Path temporary = target.resolveSibling(unique(TEMPORARY_PREFIX + target.getFileName()));
        try (FileChannel channel = create(temporary, PRIVATE_FILE)) {
            write(temporary, channel, ByteBuffer.wrap(content));
            if (durability == Durability.SYNCED) {
                sync(temporary, channel);
            }
            return temporary;
        } catch (StoreException e) {
            undo(e, () -> delete(temporary));
            throw e;
        } catch (IOException e) { // closing
            StoreException failure = DiskTrouble.at(DiskStep.WRITE, temporary, e);
            undo(failure, () -> delete(temporary));
            throw failure;
        }
    }

    private enum Durability {
        SYNCED, AS_IT_COMES
    }
}
