package dev.patchbay.engine;

import dev.patchbay.PluginStorageException;
import dev.patchbay.image.Descriptor;
import dev.patchbay.image.ImageIndex;
import dev.patchbay.image.ImageManifest;
import dev.patchbay.image.InvalidImageException;
import dev.patchbay.image.LayerPacking;
import dev.patchbay.image.Manifest;
import dev.patchbay.image.PluginManifest;
import dev.patchbay.image.RawManifest;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.store.BlobHold;
import dev.patchbay.store.PluginStore;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An installed plugin as the store has it: as it was published, to the byte. Where its manifest was lost, as Docker's
 * clean-up loses it (D19), another is made of its parts, the same every time (D24).
 */
final class StoredImage {
    private final Works works;
    private final PluginStore store;
    private final StoredBlobs blobs;
    private final PluginRecord record;

    /**
     * All parts of a plugin; each of them is stored.
     *
     * @param rebuilt whether the manifest is not the one that the plugin came with
     */
    record Parts(RawManifest manifest, Descriptor config, List<Descriptor> layers, boolean rebuilt) {
        /** What the manifest names, each once. */
        List<Descriptor> blobs() {
            return Stream.concat(Stream.of(config), layers.stream()).distinct().toList();
        }
    }

    StoredImage(Works works, PluginRecord record) {
        this.works = works;
        this.store = works.store();
        this.blobs = new StoredBlobs(works);
        this.record = record;
    }

    /**
     * Does something with the parts, which are kept for as long as that takes.
     *
     * @return fails with {@link PluginStorageException} if there is not all of it
     */
    <T> Flux<T> with(Function<Parts, Publisher<T>> use) {
        var named = Stream
                .of(record.config().stream(), record.manifest().stream(), record.blobsums().stream())
                .flatMap(digests -> digests)
                .toList();
        // A record that Docker wrote does not name its layers; its manifest does: so what is held grows.
        return holding(named, hold -> parts(hold)
                .flatMapMany(parts -> holding(parts.blobs().stream().map(Descriptor::digest).toList(),
                        _ -> whole(parts).thenMany(use.apply(parts)))));
    }

    private <T> Flux<T> holding(Collection<Digest> digests, Function<BlobHold, Publisher<T>> use) {
        return Flux.usingWhen(Mono.fromSupplier(() -> store.hold(digests)), use, this::release,
                (hold, _) -> release(hold), this::release);
    }

    private Mono<Void> release(BlobHold hold) {
        return Mono.fromRunnable(() -> {
            store.release(hold);
            // Its plugin may have been removed or upgraded meanwhile, and the blobs spared for the sake of this hold.
            works.report(new Letter.GarbageLeft());
        });
    }

    private Mono<Parts> parts(BlobHold hold) {
        return Mono.justOrEmpty(record.manifest())
                .flatMap(manifest -> blobs.size(manifest).flatMap(size -> published(manifest, size)))
                .switchIfEmpty(Mono.defer(() -> rebuilt(hold)))
                .onErrorMap(InvalidImageException.class,
                        e -> new PluginStorageException("error reading plugin manifest: " + e.getMessage(),
                                e));
    }

    private Mono<Parts> published(Digest digest, long size) {
        var descriptor = new Descriptor("", digest, size);
        return blobs.bytes(descriptor, RawManifest.MAX_BYTES).map(bytes -> {
            // The store keeps bytes, not types: what the manifest calls itself is what it was sent as.
            Manifest parsed = Manifest.parse(new RawManifest("", digest, bytes));
            return switch (parsed) {
                case ImageManifest image -> new Parts(
                        new RawManifest(image.mediaType(), digest, bytes), image.config(), image.layers(),
                        false);
                case ImageIndex _ -> throw new InvalidImageException(digest + " is an index");
            };
        });
    }

    private Mono<Parts> rebuilt(BlobHold hold) {
        if (record.config().isEmpty() || record.blobsums().isEmpty()) {
            return Mono.error(incomplete("its manifest, and nothing says which layers it had"));
        }
        Mono<List<Descriptor>> layers = Flux.fromIterable(record.blobsums())
                .concatMap(this::layer, 0)
                .collectList();
        return Mono.zip(size(record.config().get()), layers, (size, found) -> {
            Descriptor config = PluginManifest.config(record.config().get(), size);
            return new Parts(PluginManifest.of(config, found), config, found, true);
        })
                .flatMap(parts -> blobs.put(parts.manifest().bytes(), hold).thenReturn(parts));
    }

    private Mono<Descriptor> layer(Digest digest) {
        return size(digest).flatMap(size -> blobs.start(digest, LayerPacking.MAGIC_BYTES)
                .map(start -> PluginManifest.layer(digest, size, LayerPacking.of(start))));
    }

    private Mono<Long> size(Digest digest) {
        return blobs.size(digest).switchIfEmpty(Mono.error(() -> incomplete(digest.toString())));
    }

    /** A manifest that names what is not there is never handed on (D19). */
    private Mono<Void> whole(Parts parts) {
        return Flux.fromIterable(parts.blobs())
                .concatMap(blob -> size(blob.digest()).filter(size -> size == blob.size())
                        .switchIfEmpty(Mono.error(() -> incomplete("all of " + blob.digest()))), 0)
                .then();
    }

    private PluginStorageException incomplete(String missing) {
        return new PluginStorageException("plugin " + record.plugin().name()
                + " is not whole: the store has lost " + missing
                + "; upgrade it to the version that it has to fetch that again", null);
    }
}
