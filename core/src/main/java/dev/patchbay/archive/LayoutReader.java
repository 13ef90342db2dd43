package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.Kind;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a tar of an OCI image layout (OCI image specification, {@code image-layout.md}), plain or compressed with gzip or
 * zstd, as {@code skopeo copy ... oci-archive:} and {@link LayoutWriter} write it. The entries may have any order and a
 * leading {@code ./}; what does not belong to a layout is passed over. Links, devices and FIFOs are refused: a layout is
 * made of files.
 *
 * <p>Instances hold settings only and may be shared between threads.
 */
public final class LayoutReader {
    /** The most bytes of {@code index.json} and of {@code oci-layout}, which are held in memory: 4 MiB. */
    public static final int MAX_DOCUMENT_BYTES = 4 << 20;

    private static final String MARKER = "oci-layout";
    private static final String INDEX = "index.json";
    private static final String BLOBS = "blobs";

    private final ArchiveLimits limits;

    /**
     * Makes a reader.
     *
     * @param limits apply to the whole layout; a blob counts as a file
     */
    public LayoutReader(ArchiveLimits limits) {
        this.limits = limits;
    }

    /** Gets what is in a layout, in the layout's order, on the thread that reads it. */
    public interface Visitor {
        /**
         * A blob, maybe not for the first time. Nothing has been verified.
         *
         * @param name the digest that its name claims
         * @param sizeBytes how much will come, if the layout is whole
         * @param content may be read in part or not at all; useless after this returns
         * @throws IOException passed on by {@link #read} as it is
         */
        void blob(Digest name, long sizeBytes, InputStream content) throws IOException;

        /** The content of {@code index.json}; comes once. */
        void index(byte[] json) throws IOException;

        /** The content of {@code oci-layout}; comes once. */
        void marker(byte[] json) throws IOException;
    }

    /**
     * Reads a layout. Blocks; an interrupt ends it promptly. Reads the stream to its end and does not close it.
     *
     * @throws ArchiveException if this is no tar of a layout, or one that is incomplete, too big or unsafe, or the thread
     *     was interrupted
     * @throws IOException if the stream or the visitor fails: its own exception
     */
    public void read(InputStream layout, Visitor visitor) throws IOException {
        try (InputStream plain = Decompression.open(layout)) {
            new Pass(new TarReader(plain, limits, TarReader.Ending.MARKED), visitor).run();
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveCancelledException(e);
        }
    }

    /** One run over one layout. */
    private static final class Pass {
        private final TarReader tar;
        private final Visitor visitor;
        private final Set<String> documents = new HashSet<>();

        Pass(TarReader tar, Visitor visitor) {
            this.tar = tar;
            this.visitor = visitor;
        }

        void run() throws IOException {
            for (var item = tar.next(); item.isPresent(); item = tar.next()) {
                take(item.get());
            }
            for (String needed : List.of(MARKER, INDEX)) {
                if (!documents.contains(needed)) {
                    throw new MalformedArchiveException("it is no OCI image layout: it has no " + needed);
                }
            }
        }

        private void take(TarItem item) throws IOException {
            switch (item.kind()) {
                case Kind.Regular(long size, _) -> takeFile(item, size);
                case Kind.Directory _ -> EntryNames.parts(item.name(), item.name());
                case Kind.Symlink _,Kind.HardLink _,Kind.Device _,Kind.Fifo _ ->
                    throw new UnsafeEntryException(item.name(), "an image layout is made of plain files");
            }
        }

        private void takeFile(TarItem item, long size) throws IOException {
            List<String> parts = EntryNames.parts(item.name(), item.name());
            if (parts.equals(List.of(MARKER))) {
                visitor.marker(document(item, size));
            } else if (parts.equals(List.of(INDEX))) {
                visitor.index(document(item, size));
            } else if (parts.size() == 3 && parts.getFirst().equals(BLOBS)) {
                takeBlob(digest(item, parts), size);
            }
        }

        private void takeBlob(Digest name, long size) throws IOException {
            try (var content = new EntryStream(tar)) {
                visitor.blob(name, size, content);
            }
        }

        private byte[] document(TarItem item, long size) throws IOException {
            if (!documents.add(EntryNames.parts(item.name(), item.name()).getFirst())) {
                throw new UnsafeEntryException(item.name(), "it comes twice");
            }
            if (size > MAX_DOCUMENT_BYTES) {
                throw new UnsafeEntryException(item.name(),
                        "it has " + size + " bytes, more than the " + MAX_DOCUMENT_BYTES + " that are taken");
            }
            return tar.readAll((int) size);
        }

        private static Digest digest(TarItem item, List<String> parts) throws UnsafeEntryException {
            try {
                return Digest.parse(parts.get(1) + ":" + parts.get(2));
            } catch (InvalidDigestException e) {
                throw new UnsafeEntryException(item.name(), "its name is no digest: " + e.getMessage());
            }
        }
    }

    /** The content of the current entry, for as long as it is the current one. */
    private static final class EntryStream extends InputStream {
        private final TarReader tar;
        private boolean closed;

        EntryStream(TarReader tar) {
            this.tar = tar;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (closed) {
                throw new IOException("the entry is over");
            }
            return length == 0 ? 0 : tar.read(target, offset, length);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
