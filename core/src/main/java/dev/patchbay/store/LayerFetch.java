package dev.patchbay.store;

import dev.patchbay.archive.PublisherInputStream;
import dev.patchbay.image.Descriptor;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/**
 * The fetching of one layer into unfinished content. Hashes the bytes as they come and judges them at the end; whoever
 * follows {@link #data} sees its end only if they are right. Takes no byte beyond the layer's size.
 */
final class LayerFetch extends Attempt<Descriptor> {
    private static final int BUFFER_BYTES = 256 << 10;
    // Enough for the network to go on while the disk writes; buffers of an HTTP body have up to 64 KiB. Few, so that they
    // fit where the collector keeps young objects: garbage that got among the old ones stays for long.
    private static final int PREFETCHED_BUFFERS = 8;

    private final Descriptor layer;
    private final BlobSource source;
    private final ContentStore content;
    private final LayerTeller teller;
    private final GrowingData data = new GrowingData();
    private Optional<Ingest> ingest = Optional.empty(); // the fetching thread's, after its end the owner's

    LayerFetch(Descriptor layer, BlobSource source, ContentStore content, LayerTeller teller) {
        this.layer = layer;
        this.source = source;
        this.content = content;
        this.teller = teller;
    }

    GrowingData data() {
        return data;
    }

    @Override
    Descriptor work() {
        Ingest target = content.begin(layer.digest().algorithm());
        ingest = Optional.of(target);
        data.begin(target.data());
        receive(target);
        judge(target.seal());
        teller.downloaded();
        data.complete();
        // While others are still fetched or unpacked, instead of at the end.
        target.sync();
        return layer;
    }

    /** Makes the layer a blob. Only after this has ended well. */
    void commit(BlobLeases.Lease lease) {
        ingest.orElseThrow().commit(lease);
    }

    /** Removes what was not committed. Only after this has ended. */
    void close() {
        ingest.ifPresent(Ingest::close);
    }

    private void receive(Ingest target) {
        Publisher<ByteBuffer> marked = Flux.from(source.open(layer)).onErrorMap(SenderFailure::new);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (var in = new PublisherInputStream(marked, PREFETCHED_BUFFERS)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (count > layer.size() - target.size()) {
                    throw new InvalidContentException("layer " + layer.digest()
                            + " has more than the " + layer.size() + " bytes that the manifest says", null);
                }
                target.write(buffer, 0, count);
                data.grow(target.size());
                teller.downloading(target.size());
            }
        } catch (SenderFailure e) {
            throw Exceptions.propagate(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) { // an interrupt
            throw DiskTrouble.at(DiskStep.WRITE, target.data(), e);
        }
    }

    private void judge(Ingest.Blob received) {
        Digest expected = layer.digest();
        if (received.size() != layer.size()) {
            throw new InvalidContentException(
                    "layer " + expected + " ended after " + received.size()
                            + " of " + layer.size() + " bytes",
                    null);
        }
        if (!received.digest().equals(expected)) {
            // In full: somebody will want to look for it in the registry.
            throw new InvalidContentException("layer " + expected
                    + " is not what the manifest says: what came has the digest " + received.digest(), null);
        }
    }
}
