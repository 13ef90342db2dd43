package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.LayerProgress.Phase;
import dev.patchbay.image.PluginImage;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The layers of an image on their way into an {@link InMemoryStore}: really fetched and verified, never unpacked. */
final class InMemoryLayers {
    private static final int SIDE_BY_SIDE = 3;
    private static final int GZIP_MAGIC = 0x1f8b;

    private final InMemoryBlobs blobs;
    private final PluginImage image;
    private final BlobSource source;
    private final Consumer<LayerProgress> progress;

    InMemoryLayers(InMemoryBlobs blobs, PluginImage image, BlobSource source,
            Consumer<LayerProgress> progress) {
        this.blobs = blobs;
        this.image = image;
        this.source = source;
        this.progress = progress;
    }

    /** Fetches what is not stored. @return the verified bytes of each layer, lowest first */
    Mono<List<byte[]>> fetch() {
        return Mono.fromRunnable(() -> image.layers()
                .stream()
                .filter(layer -> !blobs.has(layer))
                .forEach(layer -> tell(layer, Phase.WAITING, 0)))
                .thenMany(Flux.fromIterable(image.layers()))
                .flatMapSequential(this::fetch, SIDE_BY_SIDE)
                .collectList()
                .doOnNext(this::unpack);
    }

    private Mono<byte[]> fetch(Descriptor layer) {
        return Mono.defer(() -> {
            if (blobs.has(layer)) {
                tell(layer, Phase.EXISTS, layer.size());
                return Mono.justOrEmpty(blobs.get(layer.digest()));
            }
            return source.open(layer)
                    .collect(ByteArrayOutputStream::new, (bytes, buffer) -> append(layer, bytes, buffer))
                    .map(ByteArrayOutputStream::toByteArray)
                    .doOnNext(bytes -> verify(layer, bytes));
        });
    }

    private void append(Descriptor layer, ByteArrayOutputStream bytes, ByteBuffer buffer) {
        InMemoryStore.append(bytes, buffer);
        if (bytes.size() > layer.size()) {
            throw new InvalidContentException("layer " + layer.digest().shortHex() + " has more than the "
                    + layer.size() + " bytes that the manifest says", null);
        }
        tell(layer, Phase.DOWNLOADING, bytes.size());
    }

    private void verify(Descriptor layer, byte[] bytes) {
        if (bytes.length < layer.size()) {
            throw new InvalidContentException(
                    "layer " + layer.digest().shortHex() + " ended after " + bytes.length
                            + " of " + layer.size() + " bytes",
                    null);
        }
        Digest digest = Digest.of(layer.digest().algorithm(),
                layer.digest().algorithm().newMessageDigest().digest(bytes));
        if (!digest.equals(layer.digest())) {
            throw new InvalidContentException(
                    "layer " + layer.digest().shortHex() + " has another digest: " + digest, null);
        }
        tell(layer, Phase.DOWNLOADED, layer.size());
    }

    private void unpack(List<byte[]> layers) {
        List<String> diffIds = image.parsed()
                .rootfs()
                .map(PluginConfig.Rootfs::diffIds)
                .stream()
                .flatMap(ids -> ids.items().stream())
                .toList();
        for (int i = 0; i < layers.size(); i++) {
            Descriptor layer = image.layers().get(i);
            tell(layer, Phase.EXTRACTING, layer.size());
            if (diffIds.size() == layers.size()) {
                compare(layer, layers.get(i), diffIds.get(i));
            }
            tell(layer, Phase.COMPLETE, layer.size());
        }
    }

    private static void compare(Descriptor layer, byte[] bytes, String diffId) {
        if (diffId.equals(layer.digest().toString())) {
            return; // as Docker's create writes it (D12)
        }
        Digest unpacked = Digest.sha256(unpacked(layer, bytes));
        if (!diffId.equals(unpacked.toString())) {
            throw new InvalidContentException("layer " + layer.digest().shortHex()
                    + " does not hold what the configuration says: unpacked it is " + unpacked + ", not "
                    + diffId, null);
        }
    }

    private static byte[] unpacked(Descriptor layer, byte[] bytes) {
        if (bytes.length < 2 || ByteBuffer.wrap(bytes).getChar() != GZIP_MAGIC) {
            return bytes;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new InvalidContentException("layer " + layer.digest().shortHex() + ": " + e.getMessage(),
                    e);
        }
    }

    private void tell(Descriptor layer, Phase phase, long current) {
        progress.accept(new LayerProgress(layer.digest(), phase, current, layer.size()));
    }
}
