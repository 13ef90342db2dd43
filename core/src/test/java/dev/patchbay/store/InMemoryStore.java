package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.use.Holder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A store without a disk, for tests of what uses one. Can be told to fail and to be slow.
 *
 * <p>Has no threads of its own: it works on the subscribing thread, or after a delay on the scheduler it was given, so
 * that it runs under virtual time. What it holds survives {@link #close}, as a disk would.
 */
public final class InMemoryStore implements PluginStore {
    private final InMemoryFolders folders = new InMemoryFolders();
    private final Map<Path, StagedPlugin> staged = new ConcurrentHashMap<>();
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final StoreScript script = new StoreScript();
    private final AtomicLong counter = new AtomicLong();

    /** What a store is asked to do. */
    public enum Operation {
        /** {@link PluginStore#reload}. */
        RELOAD,
        /** {@link PluginStore#stage} of a context. */
        STAGE,
        /** {@link PluginStore#stage} of an image. */
        STAGE_IMAGE,
        /** {@link PluginStore#install}. */
        INSTALL,
        /** {@link PluginStore#upgrade}. */
        UPGRADE,
        /** {@link PluginStore#rollBack}. */
        ROLL_BACK,
        /** {@link PluginStore#discard}. */
        DISCARD,
        /** {@link PluginStore#save}. */
        SAVE,
        /** {@link PluginStore#saveRuntime}. */
        SAVE_RUNTIME,
        /** {@link PluginStore#saveHolders}, unless it changes nothing. */
        SAVE_HOLDERS,
        /** {@link PluginStore#saveLimits}. */
        SAVE_LIMITS,
        /** {@link PluginStore#remove}. */
        REMOVE,
        /** {@link PluginStore#purge}. */
        PURGE,
        /** {@link PluginStore#collectGarbage}. */
        COLLECT_GARBAGE,
        /** {@link PluginStore#blob}, when it is subscribed to. */
        BLOB,
        /** {@link PluginStore#put}. */
        PUT,
        /** {@link PluginStore#readLayout}. */
        READ_LAYOUT
    }

    /** Lets the next operation of this kind fail. */
    public void failNext(Operation operation, StoreException exception) {
        script.failNext(operation::equals, exception);
    }

    /** Lets the next install, upgrade, roll-back, save or removal fail. */
    public void failNextWrite(StoreException exception) {
        var writes = Set.of(Operation.INSTALL, Operation.UPGRADE, Operation.ROLL_BACK,
                Operation.SAVE, Operation.SAVE_HOLDERS, Operation.SAVE_LIMITS, Operation.REMOVE);
        script.failNext(writes::contains, exception);
    }

    /** Lets every operation but loading take this long from now on. */
    public void delayWrites(Duration duration, Scheduler scheduler) {
        script.delay(duration, scheduler);
    }

    /** Lets every operation be immediate again. */
    public void stopDelaying() {
        script.stopDelaying();
    }

    /** Puts a plugin in, as if an earlier process had installed it. */
    public void put(PluginRecord plugin) {
        folders.put(plugin);
    }

    /** Makes a folder, of a plugin that there is or of none, one that no plugin can be read from. */
    public void damage(PluginId id, String reason) {
        folders.damage(id, reason);
    }

    /** Undoes {@link #damage}. */
    public void mend(PluginId id) {
        folders.mend(id);
    }

    /** Takes a plugin's folder away, as somebody may by hand. */
    public void loseFolder(PluginId id) {
        folders.lose(id);
    }

    /** What another process finds now; no later write of this one reaches it. */
    public InMemoryStore copy() {
        var copy = new InMemoryStore();
        folders.copyTo(copy.folders);
        return copy;
    }

    /** Puts something in that an operator should look at. */
    public void putNotice(String problem) {
        folders.putNotice(problem);
    }

    /** What is kept of a plugin. */
    public Optional<Loaded.Intact> kept(PluginId id) {
        return folders.kept(id);
    }

    /** How many staged plugins are neither installed nor discarded. */
    public int stagedCount() {
        return staged.size();
    }

    /** How many holds are not released. */
    public int holdCount() {
        return blobs.holds();
    }

    /** Puts a blob in, as if an earlier process had stored it. */
    public Digest putBlob(byte[] content) {
        return blobs.put(content);
    }

    /** Takes a blob away, as a disk may. */
    public void loseBlob(Digest blob) {
        blobs.lose(blob);
    }

    /** Whether a blob is stored. */
    public boolean hasBlob(Digest blob) {
        return blobs.get(blob).isPresent();
    }

    /** The operations that succeeded, in order. */
    public List<Operation> done() {
        return script.done();
    }

    @Override
    public Flux<Loaded> load() {
        return Flux.defer(() -> {
            staged.clear();
            return folders.load();
        });
    }

    @Override
    public Mono<Loaded> reload(PluginId plugin) {
        return script.answer(Operation.RELOAD, () -> folders.reload(plugin)).flatMap(Mono::justOrEmpty);
    }

    @Override
    public List<Loaded.Notice> notices() {
        return List.of();
    }

    @Override
    public Mono<StagedPlugin> stage(PluginName name, Publisher<ByteBuffer> context) {
        return whole(context).flatMap(bytes -> script.answer(Operation.STAGE, () -> {
            var content = InMemoryContext.parse(bytes, stagedRootfs());
            staged.put(content.plugin().rootfs(), content.plugin());
            content.blobs().forEach(blobs::put);
            return content.plugin();
        }));
    }

    @Override
    public Mono<StagedPlugin> stage(PluginImage image, BlobSource source, Consumer<LayerProgress> progress) {
        return new InMemoryLayers(blobs, image, source, progress).fetch()
                .flatMap(layers -> script.answer(Operation.STAGE_IMAGE, () -> {
                    var plugin = new StagedPlugin(stagedRootfs(), image.parsed(), image.config().digest(),
                            image.manifest().digest(),
                            image.layers().stream().map(Descriptor::digest).toList());
                    staged.put(plugin.rootfs(), plugin);
                    for (int i = 0; i < layers.size(); i++) {
                        blobs.put(plugin.layers().get(i), layers.get(i));
                    }
                    blobs.put(image.configJson());
                    blobs.put(image.manifest().bytes());
                    return plugin;
                }));
    }

    @Override
    public Mono<Void> install(StagedPlugin plugin, PluginRecord record) {
        return perform(Operation.INSTALL, () -> {
            folders.install(record);
            staged.remove(plugin.rootfs());
        });
    }

    @Override
    public Mono<Void> upgrade(StagedPlugin plugin, PluginRecord record) {
        return perform(Operation.UPGRADE, () -> {
            folders.upgrade(record);
            staged.remove(plugin.rootfs());
        });
    }

    @Override
    public Mono<Void> rollBack(PluginRecord record) {
        return perform(Operation.ROLL_BACK, () -> folders.rollBack(record));
    }

    @Override
    public Mono<Void> discard(StagedPlugin plugin) {
        return perform(Operation.DISCARD, () -> {
            staged.remove(plugin.rootfs());
            blobs.sweep(referred(), false);
        });
    }

    @Override
    public Mono<Void> save(PluginRecord record) {
        return perform(Operation.SAVE, () -> folders.save(record));
    }

    @Override
    public Mono<Void> saveRuntime(PluginId plugin, RuntimeRecord runtime) {
        return perform(Operation.SAVE_RUNTIME, () -> folders.save(plugin, runtime));
    }

    @Override
    public Mono<Void> saveHolders(PluginId plugin, List<Holder> holders) {
        return Mono.defer(
                () -> holders.isEmpty() && kept(plugin).filter(old -> old.holders().isEmpty()).isPresent()
                        ? Mono.empty()
                        : perform(Operation.SAVE_HOLDERS, () -> folders.save(plugin, holders)));
    }

    @Override
    public Mono<Void> saveLimits(PluginId plugin, LimitOverrides limits) {
        return perform(Operation.SAVE_LIMITS, () -> folders.save(plugin, limits));
    }

    @Override
    public Mono<Void> remove(PluginId plugin) {
        return perform(Operation.REMOVE, () -> folders.remove(plugin));
    }

    @Override
    public Mono<Void> purge(PluginId plugin) {
        return perform(Operation.PURGE, () -> {});
    }

    @Override
    public Mono<GarbageReport> collectGarbage(boolean dryRun) {
        return script.answer(Operation.COLLECT_GARBAGE,
                () -> blobs.sweep(referred(), dryRun));
    }

    @Override
    public Flux<ByteBuffer> blob(Digest blob) {
        return script.answer(Operation.BLOB, () -> blobs.get(blob)
                .orElseThrow(() -> new StoreException(
                        "cannot read blob " + blob + ": no such file or directory", null)))
                .flatMapMany(PluginContexts::chunked)
                .map(ByteBuffer::asReadOnlyBuffer);
    }

    @Override
    public Mono<Long> blobSize(Digest blob) {
        return Mono.fromSupplier(() -> blobs.get(blob))
                .flatMap(Mono::justOrEmpty)
                .map(bytes -> (long) bytes.length);
    }

    @Override
    public Mono<Digest> put(byte[] content, BlobHold hold) {
        return script.answer(Operation.PUT, () -> blobs.put(content, hold));
    }

    @Override
    public BlobHold hold(Collection<Digest> protectedBlobs) {
        return blobs.hold(protectedBlobs);
    }

    @Override
    public void release(BlobHold hold) {
        blobs.release(hold);
    }

    @Override
    public Mono<ImportedLayout> readLayout(Publisher<ByteBuffer> layout) {
        return whole(layout)
                .flatMap(tar -> script.answer(Operation.READ_LAYOUT, () -> InMemoryLayout.read(tar, blobs)));
    }

    @Override
    public Path rootfs(PluginId plugin) {
        return InMemoryFolders.rootfs(plugin);
    }

    @Override
    public Path propagatedMount(PluginId plugin) {
        return InMemoryFolders.ROOT.resolve(plugin.hex()).resolve("propagated-mount");
    }

    @Override
    public Mono<Path> onHost(InstalledPlugin plugin, String inside) {
        return Mono.fromCallable(() -> new InsidePath(rootfs(plugin.id()), propagatedMount(plugin.id()),
                InsideMount.of(plugin, propagatedMount(plugin.id()))).onHost(inside));
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    private Mono<Void> perform(Operation operation, Runnable work) {
        return script.answer(operation, () -> {
            work.run();
            return true;
        }).then();
    }

    private Set<Digest> referred() {
        Set<Digest> referred = new HashSet<>();
        // Staged ones first: an install puts in the plugin before it takes out the staged one.
        staged.values().forEach(plugin -> InMemoryBlobs.of(plugin).forEach(referred::add));
        folders.blobs().forEach(referred::add);
        return referred;
    }

    private Path stagedRootfs() {
        return InMemoryFolders.ROOT.resolve("tmp").resolve(".rootfs" + counter.incrementAndGet());
    }

    private static Mono<byte[]> whole(Publisher<ByteBuffer> sent) {
        return Flux.from(sent)
                .collect(ByteArrayOutputStream::new, InMemoryStore::append)
                .map(ByteArrayOutputStream::toByteArray);
    }

    /** Takes all that is in a buffer. */
    public static void append(ByteArrayOutputStream bytes, ByteBuffer buffer) {
        byte[] chunk = new byte[buffer.remaining()];
        buffer.get(chunk);
        bytes.writeBytes(chunk);
    }
}
