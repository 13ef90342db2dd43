package dev.patchbay.store;

import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
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
     * Reads every plugin there is; finishes or undoes what a crash interrupted. Quickly, whatever there is: files that
     * earlier processes left are deleted after it, and a plugin whose root file system takes longer to put in order is
     * {@link Loaded.Intact}, but see {@link #rootfs}. A plugin that cannot be read is a {@link Loaded.Damaged} and costs
     * itself only; what else an operator should look at is a {@link Loaded.Notice}. Fails if another process uses the
     * directory.
     */
    Flux<Loaded> load();

    /**
     * What an operator should look at now that came to light after {@link #load}, when what earlier processes left was
     * deleted or put in order. Never waits.
     */
    List<Loaded.Notice> notices();

    /**
     * Reads the folder of one plugin again, as {@link #load} does: for one that was {@link Loaded.Damaged}. Nothing else may
     * be asked for this plugin meanwhile.
     *
     * @return the plugin, or what is wrong with it still; empty if there is no such folder any more
     */
    Mono<Loaded> reload(PluginId plugin);

    /**
     * Unpacks a context into the staging area: rootfs, layer blob, config blob, manifest blob.
     * <b>Cancelling</b> interrupts it and removes what was staged.
     *
     * @param name the name that the plugin will have
     * @return the staged plugin, which must be given to {@link #install} or {@link #discard}; fails with
     *     {@link InvalidContentException} if the context is at fault
     */
    Mono<StagedPlugin> stage(PluginName name, Publisher<ByteBuffer> context);

    /**
     * Unpacks an image into the staging area. Layers that the store does not have are fetched side by side; they are
     * applied in the manifest's order, each as its bytes arrive (moby applies them in the order of arrival, D21).
     * Manifest, configuration and layers become blobs, all of them (D19). <b>Cancelling</b> interrupts it and removes what
     * was staged.
     *
     * @param progress told how far each layer is, from any thread, one call at a time per layer; must not block
     * @return the staged plugin, which must be given to {@link #install}, {@link #upgrade} or {@link #discard}; fails
     *     with {@link InvalidContentException} if a layer is at fault, and with the source's own error
     */
    Mono<StagedPlugin> stage(PluginImage image, BlobSource source, Consumer<LayerProgress> progress);

    /** Makes a staged plugin an installed one. */
    Mono<Void> install(StagedPlugin staged, PluginRecord record);

    /**
     * Makes a staged plugin the new version of an installed one that has no container; the version until now is kept as
     * its previous one, the one before that is deleted. All or nothing, also if the process dies (moby: D14 to D18).
     * Data below the propagated mount stay.
     *
     * @param record the plugin's record from now on
     */
    Mono<Void> upgrade(StagedPlugin staged, PluginRecord record);

    /**
     * Exchanges an installed plugin without a container and its previous version. All or nothing.
     *
     * @param record the plugin's record from now on
     */
    Mono<Void> rollBack(PluginRecord record);

    /** Removes a staged plugin that will not be installed. Idempotent. */
    Mono<Void> discard(StagedPlugin staged);

    /** Replaces a plugin's record. */
    Mono<Void> save(PluginRecord record);

    /** Replaces what Docker's record has no place for. Not synced: it may be lost with the power, never torn. */
    Mono<Void> saveRuntime(PluginId plugin, RuntimeRecord runtime);

    /**
     * Replaces those who hold a plugin over restarts. They are beside its record, in a file of ours, and mean something as
     * long as it is enabled. Not while its record is written.
     */
    Mono<Void> saveHolders(PluginId plugin, List<Holder> holders);

    /**
     * Replaces what a plugin was given instead of its engine's limits. It is beside its record, in a file of ours, and stays
     * there over changes of versions. Not while its record is written.
     */
    Mono<Void> saveLimits(PluginId plugin, LimitOverrides limits);

    /** Takes a plugin out of the directory, so that no later {@link #load} finds it. Its files are still to be purged. */
    Mono<Void> remove(PluginId plugin);

    /** Deletes the files of a removed plugin, after unmounting whatever is still mounted below them. Idempotent. */
    Mono<Void> purge(PluginId plugin);

    /**
     * Deletes blobs that no installed, previous or staged plugin refers to, one collection after the other. Cannot remove
     * a blob that is held or being staged. Not synced: garbage that a loss of power brings back is garbage again.
     *
     * @param dryRun only look
     */
    Mono<GarbageReport> collectGarbage(boolean dryRun);

    /**
     * The bytes of a blob, verified while they pass: the last signal is an error if they are not what the digest says.
     * Honours demand; cancelling closes the file.
     */
    Flux<ByteBuffer> blob(Digest blob);

    /** The size of a blob in bytes; empty if there is none. */
    Mono<Long> blobSize(Digest blob);

    /**
     * Keeps content that is in memory as a blob.
     *
     * @param hold protects it from now on
     */
    Mono<Digest> put(byte[] content, BlobHold hold);

    /** Protects blobs, which need not exist, from garbage collection. */
    BlobHold hold(Collection<Digest> blobs);

    /** Ends a protection. Idempotent. */
    void release(BlobHold hold);

    /**
     * Reads an OCI image layout, a tar, into the store: each blob verified against its name. <b>Cancelling</b> interrupts
     * it and gives up what was read.
     *
     * @return what must be given to {@link #release} by {@code lease}; fails with {@link InvalidContentException} if the
     *     layout is at fault
     */
    Mono<ImportedLayout> readLayout(Publisher<ByteBuffer> layout);

    /**
     * Where a plugin's root file system is. Waits for a few renames at most.
     *
     * @throws StoreException as long as it is not known which of two it is, with a sentence that says so. Asking again
     *     also tries again what failed
     */
    Path rootfs(PluginId plugin);

    /** Where the host sees what a plugin mounts below its propagated mount. */
    Path propagatedMount(PluginId plugin);

    /**
     * Where the host sees what a plugin has at a path. Follows links as they lead inside; nothing leads out. A plugin whose
     * mounts hang holds up nobody but who asks for its paths, and those not for long.
     *
     * @return fails with {@link InvalidContentException} if that is no path inside a plugin, or one that the host does not see
     */
    Mono<Path> onHost(InstalledPlugin plugin, String inside);

    /** Releases threads. Nothing else may be called afterwards. */
    Mono<Void> close();
}
