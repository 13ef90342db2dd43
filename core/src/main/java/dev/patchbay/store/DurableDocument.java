package dev.patchbay.store;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One small file beside the plugins, that is replaced as a whole and durably. Each method blocks, and fails with
 * {@link StoreException}. Not to be used by two threads at a time.
 */
public final class DurableDocument {
    private static final String ASIDE = ".damaged-";

    private final Path file;
    private final int maxBytes;
    private final DurableFiles files = new DurableFiles(DiskProbe.NONE);
    private Optional<byte[]> content = Optional.empty();

    /**
     * Reads nothing yet.
     *
     * @param file where it is, absolute; it need not be there
     * @param maxBytes what a sane one has at most
     */
    public DurableDocument(Path file, int maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    /**
     * What is in it, empty if there is none. Deletes what a process left that died while it wrote. Follows no link.
     *
     * @throws StoreException also if it has more bytes than it may have
     */
    public Optional<byte[]> read() {
        String temporary = DurableFiles.TEMPORARY_PREFIX + file.getFileName();
        files.list(DurableFiles.parent(file))
                .stream()
                .filter(entry -> Layout.name(entry).startsWith(temporary))
                .forEach(files::delete);
        content = files.read(file, maxBytes);
        return content;
    }

    /** Puts this in its place; when it returns, that is on the disk. If it fails, what was there before is there. */
    public void replace(byte[] bytes) {
        files.replace(file, bytes, content);
        content = Optional.of(bytes);
    }

    /** Whether there is something in its place that cannot be one, because of what it is or of its length. */
    public boolean isUnfit() {
        return files.step(DiskStep.READ, file,
                () -> Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                        && (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                || Files.size(file) > maxBytes));
    }

    /** Where those are that were set aside, by this process or an earlier one, and that nobody has deleted. */
    public List<Path> aside() {
        return files.list(DurableFiles.parent(file))
                .stream()
                .filter(entry -> Layout.name(entry).startsWith(file.getFileName() + ASIDE))
                .sorted()
                .toList();
    }

    /** Gives the file another name, beside it, which nothing else has and which is answered. */
    public Path setAside() {
        Path aside = file.resolveSibling(files.unique(file.getFileName() + ASIDE));
        files.rename(file, aside);
        content = Optional.empty();
        return aside;
    }
}
