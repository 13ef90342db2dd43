package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The blobs of an {@link InMemoryStore}, and who protects which. Thread-safe. */
final class InMemoryBlobs {
    private final Map<Digest, byte[]> content = new HashMap<>(); // guarded by this
    private final Map<BlobHold, Set<Digest>> holds = new HashMap<>(); // guarded by this

    private static final class Hold implements BlobHold {}

    synchronized Digest put(byte[] bytes) {
        return put(Digest.sha256(bytes), bytes);
    }

    synchronized Digest put(Digest digest, byte[] bytes) {
        content.put(digest, bytes);
        return digest;
    }

    synchronized Digest put(byte[] bytes, BlobHold hold) {
        Set<Digest> held = holds.get(hold);
        if (held == null) {
            throw new StoreException("cannot protect a blob by a hold that was released", null);
        }
        Digest digest = put(bytes);
        held.add(digest);
        return digest;
    }

    synchronized Optional<byte[]> get(Digest blob) {
        return Optional.ofNullable(content.get(blob));
    }

    synchronized boolean has(Descriptor blob) {
        byte[] bytes = content.get(blob.digest());
        return bytes != null && bytes.length == blob.size();
    }

    synchronized BlobHold hold(Collection<Digest> blobs) {
        BlobHold hold = new Hold();
        holds.put(hold, new HashSet<>(blobs));
        return hold;
    }

    synchronized void release(BlobHold hold) {
        holds.remove(hold);
    }

    synchronized void lose(Digest blob) {
        content.remove(blob);
    }

    synchronized int holds() {
        return holds.size();
    }

    /** Deletes what nobody refers to, or looks only. */
    synchronized GarbageReport sweep(Collection<Digest> referred, boolean dryRun) {
        Set<Digest> kept = new HashSet<>(referred);
        holds.values().forEach(kept::addAll);
        Map<Digest, byte[]> garbage = new HashMap<>(content);
        garbage.keySet().removeAll(kept);
        long bytes = garbage.values().stream().mapToLong(blob -> blob.length).sum();
        int all = content.size();
        if (dryRun) {
            return new GarbageReport(true, all, garbage.size(), 0, bytes, 0, List.of());
        }
        content.keySet().removeAll(garbage.keySet());
        return new GarbageReport(false, all, garbage.size(), garbage.size(), bytes, 0, List.of());
    }

    /** The blobs that a record names. */
    static Stream<Digest> of(PluginRecord plugin) {
        return Stream.of(plugin.config().stream(), plugin.manifest().stream(),
                plugin.blobsums().items().stream()).flatMap(digests -> digests);
    }

    /** The blobs of a staged plugin. */
    static Stream<Digest> of(StagedPlugin plugin) {
        return Stream.concat(Stream.of(plugin.configDigest(), plugin.manifestDigest()),
                plugin.layers().stream());
    }
}
