package dev.patchbay.archive;

import dev.patchbay.archive.TarItem.Kind;
import dev.patchbay.reference.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Splits the context of a new plugin, as {@code docker plugin create} sends it, in one pass.
 *
 * <p>A context is a tar, plain or compressed with gzip or zstd, with {@code config.json} and {@code rootfs/...} at its top level in any
 * order; a leading {@code /} or {@code ./} is tolerated, everything else is skipped. While it streams by, the root file
 * system is placed in a directory, under the rules of {@link LayerExtractor}, and packed again as a gzip-compressed
 * layer. In the layer the prefix {@code rootfs/} is gone, from names and from hard link targets in all three spellings.
 * The layer has no entry for the root itself, and no deletion markers, which would have nothing to delete. The same
 * context gives the same layer: unpacked everywhere, and packed, byte by byte, on hosts that compress alike, which those with
 * ISA-L, with another version of it, and without it do not.
 *
 * <p>Instances hold settings only and may be shared between threads.
 */
public final class ContextSplitter {
    private static final String CONFIG = "config.json";
    private static final String ROOTFS = "rootfs";

    private final ArchiveLimits limits;
    private final Ownership ownership;
    private final Executor compression;

    /**
     * Makes a splitter.
     *
     * @param compression where the layer is compressed, in short tasks that only compute; {@code Runnable::run}
     *     compresses on the calling thread, more threads make the whole faster. Must not reject tasks
     */
    public ContextSplitter(ArchiveLimits limits, Ownership ownership, Executor compression) {
        this.limits = limits;
        this.ownership = ownership;
        this.compression = compression;
    }

    /**
     * Splits a context. Blocks; an interrupt ends it promptly. Reads the stream to its end and closes neither stream.
     * After any exception {@code rootfs} is deleted, and what was written to {@code layer} is worthless.
     *
     * @param context the body of the request
     * @param rootfs an existing, empty directory that nobody else writes to; its own mode and owner stay
     * @param layer takes the compressed layer, in large pieces
     * @throws ArchiveException if the context is bad, incomplete or too big, cannot be placed, or the thread was
     *     interrupted
     * @throws IOException if one of the two streams fails: its own exception
     */
    public PluginContext split(InputStream context, Path rootfs, OutputStream layer) throws IOException {
        try {
            return splitPlain(context, rootfs, layer);
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            ArchiveCancelledException cancelled = new ArchiveCancelledException(e);
            cleanUp(rootfs, cancelled);
            throw cancelled;
        } catch (IOException | RuntimeException | Error e) {
            cleanUp(rootfs, e);
            throw e;
        }
    }

    private PluginContext splitPlain(InputStream context, Path rootfs, OutputStream layer)
            throws IOException {
        try (InputStream plain = Decompression.open(context);
                var gzip = new GzipBlocks(layer, compression, BlockDeflater.ofThisHost())) {
            return new Pass(plain, rootfs, gzip).run();
        }
    }

    private static void cleanUp(Path rootfs, Throwable failure) {
        try {
            TreeDeletion.delete(rootfs);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** One run over one context. */
    private final class Pass {
        private final TarReader reader;
        private final EntryPlacer placer;
        private final MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
        private final GzipBlocks gzip;
        private final LayerTarWriter writer;
        private Optional<byte[]> config = Optional.empty();
        private boolean rootfsSeen;

        Pass(InputStream plain, Path rootfs, GzipBlocks gzip) throws IOException {
            this.reader = new TarReader(plain, limits, TarReader.Ending.MARKED);
            this.placer = new EntryPlacer(rootfs, ownership);
            this.gzip = gzip;
            this.writer = new LayerTarWriter(new DigestOutputStream(gzip, digest));
        }

        PluginContext run() throws IOException {
            for (var item = reader.next(); item.isPresent(); item = reader.next()) {
                take(item.get());
            }
            if (!rootfsSeen) {
                throw new MissingRootfsException();
            }
            byte[] configBytes = config.orElseThrow(MissingConfigException::new);
            placer.finish();
            writer.finish();
            gzip.finish();
            return new PluginContext(configBytes, Digest.of(Digest.Algorithm.SHA256, digest.digest()));
        }

        private void take(TarItem item) throws IOException {
            List<String> parts = EntryNames.parts(item.name(), item.name());
            if (parts.equals(List.of(CONFIG))) {
                config = Optional.of(readConfig(item));
            } else if (parts.equals(List.of(ROOTFS))) {
                checkRootfs(item);
                rootfsSeen = true;
            } else if (!parts.isEmpty() && parts.getFirst().equals(ROOTFS)) {
                rootfsSeen = true;
                takeBelowRootfs(item, parts.subList(1, parts.size()));
            }
        }

        private byte[] readConfig(TarItem item) throws IOException {
            if (!(item.kind() instanceof Kind.Regular(long size, _))) {
                throw new UnsafeEntryException(item.name(),
                        "the plugin's configuration must be a regular file");
            }
            if (size > limits.maxConfigBytes()) {
                throw new ArchiveLimitException("maxConfigBytes", limits.maxConfigBytes(),
                        "config.json with " + size + " bytes");
            }
            return reader.readAll((int) size);
        }

        private static void checkRootfs(TarItem item) throws UnsafeEntryException {
            if (!(item.kind() instanceof Kind.Directory)) {
                throw new UnsafeEntryException(item.name(), "the rootfs of a plugin must be a directory");
            }
        }

        private void takeBelowRootfs(TarItem item, List<String> parts) throws IOException {
            TarItem stripped = stripped(item, parts);
            if (Whiteouts.isMarker(parts)) {
                placer.place(stripped, parts, reader);
                return;
            }
            writer.header(stripped);
            placer.place(stripped, parts, buffer -> {
                int count = reader.read(buffer);
                if (count > 0) {
                    writer.content(buffer, count);
                }
                return count;
            });
        }

        private static TarItem stripped(TarItem item, List<String> parts) throws UnsafeEntryException {
            String name = String.join("/", parts);
            return switch (item.kind()) {
                case Kind.Directory _ -> item.withName(name + "/");
                case Kind.HardLink(String target) -> item.withName(name)
                        .withKind(new Kind.HardLink(withoutPrefix(item.name(), target)));
                case Kind.Regular _,Kind.Symlink _,Kind.Device _,Kind.Fifo _ -> item.withName(name);
            };
        }

        /** A target without the prefix stays, as in Docker: it is looked up in the rootfs, where else. */
        private static String withoutPrefix(String entry, String target) throws UnsafeEntryException {
            List<String> parts = EntryNames.parts(entry, target);
            boolean prefixed = parts.size() > 1 && parts.getFirst().equals(ROOTFS);
            return String.join("/", prefixed ? parts.subList(1, parts.size()) : parts);
        }
    }
}
