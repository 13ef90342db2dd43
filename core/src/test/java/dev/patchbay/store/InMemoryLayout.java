package dev.patchbay.store;

import dev.patchbay.image.MediaType;
import dev.patchbay.image.RawManifest;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An OCI image layout read in memory, only as far as {@link InMemoryStore} needs it. */
final class InMemoryLayout {
    private InMemoryLayout() {}

    static ImportedLayout read(byte[] tar, InMemoryBlobs blobs) {
        BlobHold hold = blobs.hold(List.of());
        try {
            RawManifest index = index(tar, blobs, hold).orElseThrow(() -> new InvalidContentException(
                    "it is not an OCI image layout: it has no index.json", null));
            return new ImportedLayout(index, hold);
        } catch (IOException e) {
            blobs.release(hold);
            throw new InvalidContentException("not a tar: " + e.getMessage(), e);
        } catch (InvalidContentException e) {
            blobs.release(hold);
            throw e;
        }
    }

    private static Optional<RawManifest> index(byte[] tar, InMemoryBlobs blobs, BlobHold hold)
            throws IOException {
        Optional<RawManifest> index = Optional.empty();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName().replaceFirst("^\\.?/+", "");
                byte[] content = in.readAllBytes();
                if (name.equals("index.json")) {
                    index = Optional
                            .of(new RawManifest(MediaType.OCI_INDEX, Digest.sha256(content), content));
                } else if (name.startsWith("blobs/sha256/") && entry.isFile()) {
                    keep(name, content, blobs, hold);
                }
            }
        }
        return index;
    }

    private static void keep(String name, byte[] content, InMemoryBlobs blobs, BlobHold hold) {
        if (!name.endsWith(Digest.sha256(content).hex())) {
            throw new InvalidContentException(name + " does not hold what its name says", null);
        }
        blobs.put(content, hold);
    }
}
