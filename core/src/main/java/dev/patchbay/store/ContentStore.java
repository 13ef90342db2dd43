package dev.patchbay.store;

import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content by digest, in the layout of containerd's local store.
 *
 * <p>Content is written under a unique name ({@link Ingest}) and gets its digest for a name when it is complete, so
 * that what is visible is right. Each write has an ingest of its own: none is resumed, none is shared (moby names them
 * after the plugin, which mixes the bytes of two writes, D9, and lets one keep out the other, D11).
 */
final class ContentStore {
    private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);

    private final Layout layout;
    private final DurableFiles files;
    private final Clock clock;
    private final Set<Path> writing = ConcurrentHashMap.newKeySet();

    ContentStore(Layout layout, DurableFiles files, Clock clock) {
        this.layout = layout;
        this.files = files;
        this.clock = clock;
    }

    /** Makes the folders. */
    void prepare() {
        files.ensureFolder(layout.storage(), DurableFiles.PUBLIC_FOLDER);
        files.ensureFolder(layout.ingests(), DurableFiles.PUBLIC_FOLDER);
        files.ensureFolder(layout.blobs(), DurableFiles.PUBLIC_FOLDER);
        files.ensureFolder(layout.blobs(Digest.Algorithm.SHA256), DurableFiles.PUBLIC_FOLDER);
    }

    /** Starts to write content. Whoever gets the ingest closes it. */
    Ingest begin(Digest.Algorithm algorithm) {
        String ref = files.unique("patchbay-");
        Path folder = layout.ingests().resolve(Digest.sha256(ref.getBytes(StandardCharsets.UTF_8)).hex());
        writing.add(folder);
        try {
            files.createFolder(folder, DurableFiles.PUBLIC_FOLDER);
            String now = Instant.now(clock).toString();
            note(folder.resolve("ref"), ref);
            note(folder.resolve("startedat"), now);
            note(folder.resolve("updatedat"), now);
            Path data = folder.resolve("data");
            return new Ingest(this, data, files.create(data, DurableFiles.PRIVATE_FILE), algorithm);
        } catch (StoreException e) {
            abandon(folder);
            throw e;
        }
    }

    /** Writes content that is in memory. */
    Digest put(byte[] content, BlobLeases.Lease lease) {
        return put(content, Digest.sha256(content), lease);
    }

    /** As {@link #put(byte[], BlobLeases.Lease)}, under a digest that has been verified, of whatever algorithm. */
    Digest put(byte[] content, Digest digest, BlobLeases.Lease lease) {
        try (Ingest ingest = begin(digest.algorithm())) {
            ingest.write(content, 0, content.length);
            return ingest.commit(lease).digest();
        }
    }

    /** The size of a blob, empty if it is not there. Whoever acts on it holds a lease. */
    Optional<Long> size(Digest blob) {
        Path file = layout.blob(blob);
        return files.step(DiskStep.READ, file, () -> {
            try {
                var found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                return found.isRegularFile() ? Optional.of(found.size()) : Optional.empty();
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        });
    }

    /** A small blob, empty if it is not there. @throws StoreException if it is not what its name says */
    Optional<byte[]> read(Digest blob, int maxBytes) {
        Optional<byte[]> content = files.read(layout.blob(blob), maxBytes);
        content.ifPresent(bytes -> {
            byte[] hash = blob.algorithm().newMessageDigest().digest(bytes);
            if (!Digest.of(blob.algorithm(), hash).equals(blob)) {
                throw damaged(layout.blob(blob));
            }
        });
        return content;
    }

    /** Whether the text of another digest is somewhere in a blob that there is, which may be damaged otherwise. */
    boolean mentions(Digest blob, Digest other, int maxBytes) {
        return files.read(layout.blob(blob), maxBytes)
                .filter(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains(other.toString()))
                .isPresent();
    }

    /** What to say of a blob that is not what its name says. */
    static StoreException damaged(Path blob) {
        return new StoreException(
                blob + " does not hold what its name says: the disk has damaged it; remove the"
                        + " plugins that use it and install them again",
                null);
    }

    /** Every blob there is, whatever its algorithm. Files that are none are left out. */
    List<Digest> blobs() {
        return Arrays.stream(Digest.Algorithm.values())
                .flatMap(algorithm -> files.list(layout.blobs(algorithm))
                        .stream()
                        .flatMap(file -> digest(algorithm, file).stream()))
                .toList();
    }

    /** Looks at a blob, empty if it is not there. */
    Optional<StoredBlob> find(Digest blob) {
        Path file = layout.blob(blob);
        return files.step(DiskStep.READ, file, () -> {
            try {
                var found = Files.readAttributes(file, "unix:ino,size", LinkOption.NOFOLLOW_LINKS);
                return Optional.of(new StoredBlob(blob, number(found, "ino"), number(found, "size")));
            } catch (NoSuchFileException _) {
                return Optional.empty(); // an earlier run has got it
            }
        });
    }

    /** Deletes a blob, if it is there still. */
    void delete(Digest blob) {
        files.delete(layout.blob(blob));
    }

    /** What was never finished and is not being written, if nothing was written to it since an instant. */
    List<Path> ingestsUntouchedSince(Instant instant) {
        return abandonedIngests().filter(folder -> touched(folder).isBefore(instant)).toList();
    }

    /** Deletes what was never finished and is not being written. */
    void deleteAbandonedIngests() {
        abandonedIngests().forEach(this::drop);
    }

    /** Whether there may be any. */
    boolean hasAbandonedIngests() {
        try {
            return abandonedIngests().findAny().isPresent();
        } catch (StoreException _) {
            return true; // who tries to delete them tells why that is impossible
        }
    }

    private Stream<Path> abandonedIngests() {
        return files.list(layout.ingests()).stream().filter(folder -> !writing.contains(folder));
    }

    // From here on for Ingest.

    void append(Path data, FileChannel channel, ByteBuffer bytes) {
        files.write(data, channel, bytes);
    }

    void sync(Path data, FileChannel channel) {
        files.sync(data, channel);
    }

    /** Gives finished data its name. A blob of that name holds the same bytes, so it may be replaced (D8). */
    void commit(Path data, FileChannel channel, Digest digest) {
        files.step(DiskStep.WRITE, data, () -> Files.setPosixFilePermissions(data, DurableFiles.BLOB));
        files.sync(data, channel);
        Path blob = layout.blob(digest);
        files.ensureFolder(DurableFiles.parent(blob), DurableFiles.PUBLIC_FOLDER);
        files.renameOver(data, blob);
        files.syncFolder(DurableFiles.parent(blob));
    }

    void abandon(Path ingest) {
        try {
            drop(ingest);
        } catch (StoreException e) {
            LOG.warn("unfinished content stays until it expires: {}", e.getMessage());
        } finally {
            writing.remove(ingest);
        }
    }

    /** Deletes unfinished content. */
    void drop(Path ingest) {
        files.list(ingest).forEach(files::delete);
        files.delete(ingest);
    }

    private Instant touched(Path ingest) {
        return files.step(DiskStep.READ, ingest, () -> {
            Path data = ingest.resolve("data");
            Path newest = Files.exists(data, LinkOption.NOFOLLOW_LINKS) ? data : ingest;
            return Files.getLastModifiedTime(newest, LinkOption.NOFOLLOW_LINKS).toInstant();
        });
    }

    private static long number(Map<String, Object> attributes, String name) {
        return (Long) Objects.requireNonNull(attributes.get(name), name);
    }

    private void note(Path file, String text) {
        try (FileChannel channel = files.create(file, DurableFiles.PRIVATE_FILE)) {
            files.write(file, channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw DiskTrouble.at(DiskStep.WRITE, file, e);
        }
    }

    private static Optional<Digest> digest(Digest.Algorithm algorithm, Path file) {
        try {
            return Optional.of(new Digest(algorithm, Layout.name(file)));
        } catch (InvalidDigestException _) {
            return Optional.empty(); // a stranger's file, which is not ours to touch
        }
    }
}
