package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.Kind;
import dev.patchbay.archive.TarItem.Metadata;
import dev.patchbay.syscall.Errno;
import dev.patchbay.syscall.ErrnoException;
import dev.patchbay.syscall.Syscalls;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hands that put entries into a {@link Rootfs}.
 *
 * <ul>
 *   <li>What is in the way is replaced, be it of this layer or a lower one; only a directory meeting a directory stays,
 *       with new metadata. So of two entries with one name the last wins.
 *   <li>Order on a file: content, owner, attributes, times, mode. Changing the owner clears set-user-id bits and
 *       capabilities, writing changes times.
 *   <li>Modes, attributes and times of directories come last of all, in {@link #finish}: a directory may be read-only,
 *       and each entry placed in it changes its time.
 *   <li>Missing parents are made with mode 0755 and belong to this process.
 * </ul>
 */
final class EntryPlacer {
    private static final long MAX_ID = 0xffff_fffeL; // one more means "leave unchanged" to chown(2)
    private static final int FIFO_TYPE = 0010000;
    private static final int MAX_MAJOR = 0xfff;
    private static final int MAX_MINOR = 0xfffff;
    private static final int NEW_NODE_MODE = 0600;

    private final Rootfs rootfs;
    private final Whiteouts whiteouts;
    private final Ownership ownership;
    private final ExtendedAttributes attributes;
    private final FileWriter writer = new FileWriter();
    private final Map<Path, TarItem> folders = new HashMap<>();

    EntryPlacer(Path target, Ownership ownership) throws IOException {
        this.rootfs = new Rootfs(target);
        this.whiteouts = new Whiteouts(rootfs);
        this.ownership = ownership;
        this.attributes = new ExtendedAttributes(ownership);
    }

    /**
     * Places one entry.
     *
     * @param parts its name taken apart, empty for the root itself
     * @param content read to its end if the entry is a file
     */
    void place(TarItem item, List<String> parts, Content content) throws IOException {
        TarReader.stopIfInterrupted();
        try {
            if (!whiteouts.apply(item.name(), parts)) {
                checkIds(item);
                placeChecked(item, parts, content);
            }
        } catch (ClosedByInterruptException e) {
            throw new ArchiveCancelledException(e);
        } catch (ErrnoException | FileSystemException e) {
            throw notPlaced(item, e);
        }
    }

    private void placeChecked(TarItem item, List<String> parts, Content content) throws IOException {
        if (parts.isEmpty()) {
            placeRoot(item);
            return;
        }
        Path folder = rootfs.folder(item.name(), parts.subList(0, parts.size() - 1));
        Path place = rootfs.place(item.name(), folder, parts.getLast());
        switch (item.kind()) {
            case Kind.Directory() -> placeFolder(item, place);
            case Kind.Regular(_, boolean sparse) -> {
                replacing(place, () -> writer.write(place, sparse, content));
                dress(item, place);
            }
            case Kind.Symlink(String target) -> {
                Path text = linkText(item, target);
                replacing(place, () -> Files.createSymbolicLink(place, text));
                dressLink(item, place);
            }
            case Kind.HardLink(String target) -> placeHardLink(item, place, target);
            case Kind.Device(var type, int major, int minor) -> {
                checkDevice(item, major, minor);
                placeNode(item, place,
                        () -> Syscalls.makeNode(place, type.typeBits() | NEW_NODE_MODE, major, minor));
            }
            case Kind.Fifo() -> placeNode(item, place,
                    () -> Syscalls.makeNode(place, FIFO_TYPE | NEW_NODE_MODE, 0, 0));
        }
        whiteouts.placed(place);
    }

    /** Gives directories their modes, attributes and times. To be called once, after the last entry. */
    void finish() throws IOException {
        List<Map.Entry<Path, TarItem>> deepestFirst = new ArrayList<>(folders.entrySet());
        deepestFirst.sort(Comparator.comparingInt(folder -> -folder.getKey().getNameCount()));
        for (Map.Entry<Path, TarItem> folder : deepestFirst) {
            TarReader.stopIfInterrupted();
            // A later entry may have replaced it, or a directory above it, by a link.
            if (rootfs.isRealFolder(folder.getKey())) {
                finishFolder(folder.getValue(), folder.getKey());
            }
        }
    }

    private void finishFolder(TarItem item, Path place) throws IOException {
        try {
            dress(item, place);
        } catch (ErrnoException | FileSystemException e) {
            throw notPlaced(item, e);
        }
    }

    private void placeRoot(TarItem item) throws UnsafeEntryException {
        switch (item.kind()) {
            case Kind.Directory _ -> folders.put(rootfs.root(), item);
            case Kind.Regular _,Kind.Symlink _,Kind.HardLink _,Kind.Device _,Kind.Fifo _ ->
                throw new UnsafeEntryException(item.name(), "the root can only be a directory");
        }
    }

    private void placeFolder(TarItem item, Path place) throws IOException {
        if (!Rootfs.isDirectory(place)) {
            replacing(place, () -> Files.createDirectory(place));
        }
        folders.put(place, item);
    }

    private void placeHardLink(TarItem item, Path place, String target) throws IOException {
        List<String> parts = EntryNames.parts(item.name(), target);
        if (parts.isEmpty()) {
            throw new UnsafeEntryException(item.name(), "its hard link target is the root");
        }
        Path existing = rootfs.existingFolder(item.name(), parts.subList(0, parts.size() - 1))
                .map(folder -> folder.resolve(parts.getLast()))
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .orElseThrow(() -> missingTarget(item, target));
        if (Rootfs.isDirectory(existing)) {
            throw new UnsafeEntryException(item.name(), "its hard link target "
                    + ArchiveException.quoted(target) + " is a directory");
        }
        if (!existing.equals(place)) {
            replacing(place, () -> Files.createLink(place, existing));
        }
    }

    private static EntryNotPlacedException missingTarget(TarItem item, String target) {
        return new EntryNotPlacedException(item.name(),
                "its hard link target " + ArchiveException.quoted(target)
                        + " is not among the entries before it");
    }

    private void placeNode(TarItem item, Path place, Placing making) throws IOException {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            rootfs.remove(place);
        }
        making.run();
        own(item, place);
        attributes.apply(item, place);
        Files.setAttribute(place, "unix:mode", item.metadata().mode());
        // Java would open the node to set its time: a FIFO waits then, and a device may react.
        Syscalls.setTimes(place, item.metadata().modified());
    }

    private void checkDevice(TarItem item, int major, int minor) throws UnsafeEntryException {
        if (major < 0 || major > MAX_MAJOR || minor < 0 || minor > MAX_MINOR) {
            throw new UnsafeEntryException(item.name(), "Linux has no device number " + major + ":" + minor);
        }
        if (ownership == Ownership.CURRENT_USER) {
            throw new UnsafeEntryException(item.name(), "only root can make device nodes");
        }
    }

    private static void checkIds(TarItem item) throws UnsafeEntryException {
        Metadata metadata = item.metadata();
        for (long id : new long[]{metadata.uid(), metadata.gid()}) {
            if (id < 0 || id > MAX_ID) {
                throw new UnsafeEntryException(item.name(), "Linux has no user or group " + id);
            }
        }
    }

    private void dress(TarItem item, Path place) throws IOException {
        own(item, place);
        attributes.apply(item, place);
        // Times before mode: Java opens the file for them, which its own mode may forbid to an ordinary user.
        setTimes(place, item.metadata().modified());
        Files.setAttribute(place, "unix:mode", item.metadata().mode());
    }

    private void dressLink(TarItem item, Path place) throws IOException {
        own(item, place);
        attributes.apply(item, place);
        setTimes(place, item.metadata().modified());
    }

    private void own(TarItem item, Path place) throws IOException {
        switch (ownership) {
            case AS_ARCHIVED -> {
                Files.setAttribute(place, "unix:uid", (int) item.metadata().uid(), LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(place, "unix:gid", (int) item.metadata().gid(), LinkOption.NOFOLLOW_LINKS);
            }
            case CURRENT_USER -> {
            }
        }
    }

    private static void setTimes(Path place, FileTime time) throws IOException {
        Files.getFileAttributeView(place, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, time, null);
    }

    private static Path linkText(TarItem item, String target) throws UnsafeEntryException {
        try {
            if (!target.isEmpty()) {
                return Path.of(target);
            }
        } catch (InvalidPathException e) {
            throw new UnsafeEntryException(item.name(), "its link target cannot be stored: " + e.getReason());
        }
        throw new UnsafeEntryException(item.name(), "its link target is empty");
    }

    /** Tries, and if something is in the way removes it and tries again: most places are free. */
    private void replacing(Path place, Placing placing) throws IOException {
        try {
            placing.run();
        } catch (FileAlreadyExistsException _) {
            rootfs.remove(place);
            placing.run();
        }
    }

    private static EntryNotPlacedException notPlaced(TarItem item, IOException cause) {
        String reason = switch (cause) {
            case ErrnoException e when e.is(Errno.EPERM) -> e.getMessage() + "; run as root";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case IOException e -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
        return new EntryNotPlacedException(item.name(), reason, cause);
    }

    @FunctionalInterface
    private interface Placing {
        void run() throws IOException;
    }
}
