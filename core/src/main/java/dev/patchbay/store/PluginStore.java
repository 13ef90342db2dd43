package dev.patchbay.store;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps plugins on disk.
 *
 * <p>Every publisher is <b>cold</b>, runs on the store's own bounded I/O threads, and <b>completes only after what it
 * did is durable</b>: data, name and folder are synced. Each write is atomic: after a crash at any point the old or the
 * new is there, whole. Failures are {@link StoreException}s whose message names the path and the cause; after one,
 * nothing has changed. Records of one plugin are written one after another by the engine; writes of several plugins,
 * and of one plugin's runtime record beside its record, run side by side.
 */
public interface PluginStore {
    /**
     * Reads every plugin there is; finishes or undoes what a crash interrupted; removes temporary files of earlier
     * processes. A plugin that cannot be read is a {@link Loaded.Damaged} and costs itself only.
     */
    Flux<Loaded> load();

    /**
     * Unpacks a context into the staging area: rootfs, layer blob, config blob, manifest blob.
     * <b>Cancelling</b> interrupts it and removes what was staged.
     *
     * @param name the name that the plugin will have
     * @return the staged plugin, which must be given to {@link #install} or {@link #discard}; fails with
     *     {@link InvalidContextException} if the context is at fault
     */
    Mono<StagedPlugin> stage(PluginName name, Publisher<ByteBuffer> context);

    /** Makes a staged plugin an installed one. */
    Mono<Void> install(StagedPlugin staged, PluginRecord record);

    /** Removes a staged plugin that will not be installed. Idempotent. */
    Mono<Void> discard(StagedPlugin staged);

    /** Replaces a plugin's record. */
    Mono<Void> save(PluginRecord record);

    /** Replaces what Docker's record has no place for. Not synced: it may be lost with the power, never torn. */
    Mono<Void> saveRuntime(PluginId plugin, RuntimeRecord runtime);

    /** Takes a plugin out of the directory, so that no later {@link #load} finds it. Its files are still to be purged. */
    Mono<Void> remove(PluginId plugin);

    /** Deletes the files of a removed plugin, after unmounting whatever is still mounted below them. Idempotent. */
    Mono<Void> purge(PluginId plugin);

    /**
     * Deletes blobs that no installed or staged plugin refers to. Cannot remove a blob that is being staged.
     *
     * @return how many bytes were freed
     */
    Mono<Long> collectGarbage();

    /** Where a plugin's root file system is. */
    Path rootfs(PluginId plugin);

    /** Where the host sees what a plugin mounts below its propagated mount. */
    Path propagatedMount(PluginId plugin);

    /** Releases threads. Nothing else may be called afterwards. */
    Mono<Void> close();
}
