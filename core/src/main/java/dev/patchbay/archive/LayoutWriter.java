package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.Kind;
import dev.patchbay.archive.TarItem.Metadata;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An OCI image layout as a tar (OCI image specification, {@code image-layout.md}): {@code oci-layout}, {@code index.json},
 * then the blobs in the order given, each once. The same content gives the same bytes: everything belongs to root and was
 * made in 1970.
 */
public final class LayoutWriter {
    private static final int BLOCK = RawHeaders.BLOCK;
    private static final FileTime NO_TIME = FileTime.fromMillis(0);
    private static final int FILE_MODE = 0644;

    private final byte[] head;
    private final Collection<Blob> blobs;

    /**
     * Plans a layout.
     *
     * @param marker content of {@code oci-layout}
     * @param index content of {@code index.json}
     */
    public LayoutWriter(byte[] marker, byte[] index, List<Blob> blobs) {
        Map<Digest, Blob> once = new LinkedHashMap<>();
        blobs.forEach(blob -> once.putIfAbsent(blob.digest(), blob));
        this.blobs = List.copyOf(once.values());
        this.head = head(marker, index);
    }

    /**
     * A blob of the layout.
     *
     * @param sizeBytes known beforehand, because a tar says it first
     * @param content exactly that many bytes; subscribed to once for each subscription to the layout, when its turn comes
     */
    public record Blob(Digest digest, long sizeBytes, Publisher<ByteBuffer> content) {}

    /** The size of the whole in bytes. */
    public long sizeBytes() {
        long size = (long) head.length + end().length;
        for (Blob blob : blobs) {
            size += header(blob).length + blob.sizeBytes() + padding(blob.sizeBytes());
        }
        return size;
    }

    /**
     * The tar. <b>Cold:</b> each subscription reads all blobs. <b>Honours demand</b>, as far as the blobs do.
     * <b>Threads:</b> those of the blobs and of whoever asks for more; nothing blocks. <b>Cancelling</b> cancels the blob
     * whose turn it is.
     *
     * @return buffers that the subscriber may keep, but not write to; fails as a blob does, and with {@link IOException} if
     *     one has another size than was said
     */
    public Flux<ByteBuffer> bytes() {
        List<Publisher<ByteBuffer>> parts = new ArrayList<>();
        parts.add(part(head));
        for (Blob blob : blobs) {
            parts.add(part(header(blob)));
            parts.add(content(blob));
            parts.add(part(new byte[padding(blob.sizeBytes())]));
        }
        parts.add(part(end()));
        return Flux.concat(parts);
    }

    private static Mono<ByteBuffer> part(byte[] bytes) {
        return bytes.length == 0
                ? Mono.empty()
                : Mono.fromSupplier(() -> ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    private static Flux<ByteBuffer> content(Blob blob) {
        return Flux.defer(() -> {
            var expected = new Expected(blob);
            return Flux.from(blob.content()).<ByteBuffer>handle((buffer, sink) -> {
                if (expected.takes(buffer.remaining())) {
                    sink.next(buffer);
                } else {
                    sink.error(expected.failure("more"));
                }
            })
                    .concatWith(Mono.defer(
                            () -> expected.left == 0 ? Mono.empty() : Mono.error(expected.failure("less"))));
        });
    }

    private static byte[] head(byte[] marker, byte[] index) {
        var bytes = new ByteArrayOutputStream();
        file(bytes, "oci-layout", marker);
        file(bytes, "index.json", index);
        return bytes.toByteArray();
    }

    private static void file(ByteArrayOutputStream bytes, String name, byte[] content) {
        bytes.writeBytes(
                header(new TarItem(name, new Kind.Regular(content.length, false), metadata(FILE_MODE))));
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[padding(content.length)]);
    }

    private static byte[] header(Blob blob) {
        String name = "blobs/" + blob.digest().algorithm().text() + "/" + blob.digest().hex();
        return header(new TarItem(name, new Kind.Regular(blob.sizeBytes(), false), metadata(FILE_MODE)));
    }

    private static byte[] header(TarItem item) {
        return LayerTarWriter.headerBytes(item);
    }

    private static Metadata metadata(int mode) {
        return new Metadata(mode, 0, 0, NO_TIME, Map.of());
    }

    private static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    private static byte[] end() {
        return new byte[2 * BLOCK];
    }

    /** How much of a blob is still to come; one signal at a time. */
    private static final class Expected {
        private final Blob blob;
        private long left;

        Expected(Blob blob) {
            this.blob = blob;
            this.left = blob.sizeBytes();
        }

        boolean takes(int count) {
            left -= count;
            return left >= 0;
        }

        IOException failure(String how) {
            return new IOException(
                    "blob " + blob.digest() + " has " + how + " than the " + blob.sizeBytes()
                            + " bytes it should have");
        }
    }
}
