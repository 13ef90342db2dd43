package dev.patchbay.store;

import dev.patchbay.archive.ArchiveLimits;
import dev.patchbay.plugin.PluginName;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.reactivestreams.Publisher;

/**
 * What every stage works with.
 *
 * @param compression computes only, never blocks
 */
record StageFactory(Layout layout, DurableFiles files, PluginFolders folders, ContentStore content,
        BlobLeases leases, ArchiveLimits limits, Executor compression) {
    StageAttempt attempt(PluginName name, Publisher<ByteBuffer> context) {
        return new StageAttempt(this, name, context);
    }
}
