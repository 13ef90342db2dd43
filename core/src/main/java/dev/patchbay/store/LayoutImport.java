package dev.patchbay.store;

import dev.patchbay.archive.ArchiveException;
import dev.patchbay.archive.LayoutReader;
import dev.patchbay.archive.PublisherInputStream;
import dev.patchbay.image.InvalidImageException;
import dev.patchbay.image.MediaType;
import dev.patchbay.image.OciLayout;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/**
 * The work of reading an image layout into the store. Each blob becomes one as soon as it is there and right; what was
 * read before a failure is its owner's to give up, by the lease.
 */
final class LayoutImport extends Attempt<ImportedLayout> implements LayoutReader.Visitor {
    private static final int PREFETCHED_BUFFERS = 32;
    private static final int BUFFER_BYTES = 256 << 10;

    private final StageFactory with;
    private final Publisher<ByteBuffer> layout;
    private final BlobLeases.Lease lease;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Optional<RawManifest> index = Optional.empty();

    LayoutImport(StageFactory with, Publisher<ByteBuffer> layout) {
        this.with = with;
        this.layout = layout;
        this.lease = with.leases().lease();
    }

    BlobLeases.Lease lease() {
        return lease;
    }

    @Override
    ImportedLayout work() {
        with.folders().prepare();
        with.content().prepare();
        Publisher<ByteBuffer> marked = Flux.from(layout).onErrorMap(SenderFailure::new);
        try (var in = new PublisherInputStream(marked, PREFETCHED_BUFFERS)) {
            new LayoutReader(with.limits()).read(in, this);
        } catch (SenderFailure e) {
            throw Exceptions.propagate(Objects.requireNonNull(e.getCause()));
        } catch (ArchiveException e) {
            throw ArchiveFaults.judged("", e, with.layout().ingests());
        } catch (InvalidImageException e) {
            throw new InvalidContentException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) { // an interrupt
            throw DiskTrouble.at(DiskStep.WRITE, with.layout().ingests(), e);
        }
        return new ImportedLayout(index.orElseThrow(), lease);
    }

    @Override
    public void blob(Digest name, long sizeBytes, InputStream content) throws IOException {
        lease.claim(name);
        if (with.content().size(name).equals(Optional.of(sizeBytes))) {
            return;
        }
        try (Ingest ingest = with.content().begin(name.algorithm())) {
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                ingest.write(buffer, 0, count);
            }
            Digest actual = ingest.seal().digest();
            if (!actual.equals(name)) {
                throw new InvalidContentException("blob " + name.shortHex()
                        + " of the layout is not what its name says: it has the digest " + actual, null);
            }
            ingest.commit(lease);
        }
    }

    @Override
    public void index(byte[] json) {
        index = Optional.of(new RawManifest(MediaType.OCI_INDEX, Digest.sha256(json), json));
    }

    @Override
    public void marker(byte[] json) {
        OciLayout.checkMarker(json);
    }
}
