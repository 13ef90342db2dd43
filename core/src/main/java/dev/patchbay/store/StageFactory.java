package dev.patchbay.store;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import dev.patchbay.plugin.PluginName;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;

/**
 * What every stage works with.
 *
 * @param compression computes only, never blocks
 * @param decompression starts each task at once, and lets it block
 * @param flushing waits for the disk beside a stage; one task for each stage
 */
record StageFactory(Layout layout, DurableFiles files, PluginFolders folders, ContentStore content,
        BlobLeases leases, ArchiveLimits limits, Executor compression, Executor decompression,
        Executor flushing, Fetching fetching) {
    /**
     * How layers are fetched.
     *
     * @param sideBySide of one image
     * @param clock tells when progress is due
     */
    record Fetching(BlockingWork threads, int sideBySide, Clock clock) {}

    Stage attempt(PluginName name, Publisher<ByteBuffer> context) {
        return new StageAttempt(this, name, context);
    }

    LayoutImport layoutImport(Publisher<ByteBuffer> sent) {
        return new LayoutImport(this, sent);
    }

    Stage attempt(PluginImage image, BlobSource source, Consumer<LayerProgress> progress) {
        return new ImageStage(this, image, source, progress);
    }
}
