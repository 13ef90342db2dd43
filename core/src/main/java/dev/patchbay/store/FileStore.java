package dev.patchbay.store;

import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.thread.GracefulScheduler;
import dev.patchbay.use.Holder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Plugins in a directory of Docker's layout: one written by dockerd opens here, and the other way round.
 *
 * <p>The directory belongs to one store at a time: {@link #load} takes a lock, {@link #close} gives it back.
 * <b>Threads:</b> {@code store-io} for records, {@code store-load} to read folders, {@code store-look} to look at what
 * plugins have mounted, {@code store-stage} for contexts and images, {@code store-fetch} for their layers, {@code store-unpack} to
 * decompress them, all of which may be slow as their senders are, {@code store-flush} to send them to the disk meanwhile,
 * {@code store-sweep} for plugins that go, {@code store-trash} for what nobody waits for,
 * {@code store-judge} to tell which of two root file systems is the right one, {@code store-gc} for one collection of garbage
 * after the other, {@code store-delete} for its blobs, {@code store-pack} to compress, {@code store-timer} for limits;
 * signals arrive on the threads of records, contexts, sweeps and collections.
 * <b>Cancelling</b> interrupts {@link #stage}; every other operation, once subscribed to, is carried out whole.
 */
public final class FileStore implements PluginStore {
    private static final int SWEEP_THREADS = 2;
    private static final int JUDGEMENTS = 2;
    private static final int DELETIONS = 8;
    // More than all collections that can be under way have parts.
    private static final int QUEUED_DELETIONS = 1000;

    private final Layout layout;
    private final DurableFiles files;
    private final PluginFolders folders;
    private final Versions versions;
    private final PropagatedMounts propagatedMounts;
    private final StandingNotices notices = new StandingNotices();
    private final Trash trash;
    private final Unsettled unsettled;
    private final ContentStore content;
    private final BlobLeases leases = new BlobLeases();
    private final RootLock lock;
    private final DockerdWatch dockerd;
    private final Restoration restoration;
    private final GarbageCollector garbage;
    private final Staging staging;
    private final BlobReader blobs;
    private final BlockingWork io;
    private final BlockingWork judging;
    private final BlockingWork sweeps;
    private final BlockingWork collections;
    private final BlockingWork deletions;
    private final Scheduler compression;
    private final BlockingWork decompression;
    private final BlockingWork flushing;
    private final Scheduler timers;
    private final FolderReads reads;
    private final PathLooks looks;

    private FileStore(StoreConfig config, DiskProbe probe, Clock clock, Path proc, Scheduler timers) {
        this.timers = timers;
        files = new DurableFiles(probe);
        layout = new Layout(config.root());
        folders = new PluginFolders(layout, files);
        content = new ContentStore(layout, files, clock);
        lock = new RootLock(layout, files, proc);
        dockerd = new DockerdWatch(proc);
        trash = new Trash(layout, files, folders, notices,
                new Chores(BlockingWork.givingWay("store-trash", 1, config.maxQueued())));
        versions = new Versions(layout, files, folders, trash);
        propagatedMounts = new PropagatedMounts(layout, files);
        judging = new BlockingWork("store-judge", JUDGEMENTS, config.maxQueued());
        var oldRootfs = new OldRootfs(layout, files, content, trash, notices);
        unsettled = new Unsettled(oldRootfs, propagatedMounts, notices, new Chores(judging));
        restoration = new Restoration(layout, files,
                new Restoration.Repairs(versions, oldRootfs, unsettled, propagatedMounts, trash), content,
                lock);
        deletions = BlockingWork.givingWay("store-delete", DELETIONS, QUEUED_DELETIONS);
        garbage = new GarbageCollector(() -> References.read(layout, files, content), content, leases, clock,
                config.ingestExpiry(), deletions::schedule);
        io = new BlockingWork("store-io", config.ioThreads(), config.maxQueued());
        sweeps = new BlockingWork("store-sweep", SWEEP_THREADS, config.maxQueued());
        collections = new BlockingWork("store-gc", 1, config.maxQueued());
        compression = packers();
        // One for each stage, and as many that are just about to end.
        decompression = new BlockingWork("store-unpack", 2 * config.stages(), config.maxQueued());
        flushing = new BlockingWork("store-flush", 2 * config.stages(), config.maxQueued());
        var factory = new StageFactory(layout, files, folders, content, leases, config.limits(),
                compression::schedule, decompression::schedule, flushing::schedule,
                // To unpacking, the longest work: bytes that came earlier than they can be unpacked have cost it time.
                new StageFactory.Fetching(BlockingWork.givingWay("store-fetch",
                        config.stages() * config.downloads(), config.maxQueued()), config.downloads(),
                        clock));
        staging = new Staging(factory, folders, garbage, sweeps,
                new BlockingWork("store-stage", config.stages(), config.maxQueued()));
        blobs = new BlobReader(layout, files, leases, io);
        reads = new FolderReads(restoration::load, layout, config, timers, io);
        looks = new PathLooks(config, timers);
    }

    /** Makes a store. Touches the disk only when it is used. */
    public static FileStore at(StoreConfig config) {
        return new FileStore(config, DiskProbe.NONE, Clock.systemUTC(), DockerdWatch.PROC, timers());
    }

    static FileStore probed(StoreConfig config, DiskProbe probe, Clock clock) {
        return new FileStore(config, probe, clock, DockerdWatch.PROC, timers());
    }

    static FileStore besideProcesses(StoreConfig config, Path proc) {
        return new FileStore(config, DiskProbe.NONE, Clock.systemUTC(), proc, timers());
    }

    /** A store whose limits expire elsewhere. */
    static FileStore timed(StoreConfig config, DiskProbe probe, Scheduler timers) {
        return new FileStore(config, probe, Clock.systemUTC(), DockerdWatch.PROC, timers);
    }

    private static Scheduler packers() {
        return GracefulScheduler
                .of(Schedulers.newParallel("store-pack", Runtime.getRuntime().availableProcessors(), true));
    }

    private static Scheduler timers() {
        return Schedulers.newSingle("store-timer", true);
    }

    @Override
    public Flux<Loaded> load() {
        return io.toTheEnd(() -> {
            dockerd.refuseInUse(layout.root());
            return restoration.open(staging::contains);
        })
                .flatMap(found -> reads.all(found.plugins())
                        .collectList()
                        // Not before: reading is what somebody waits for.
                        .doOnNext(_ -> trash.deleteLater(found.leftOver())))
                .flatMapIterable(found -> found);
    }

    @Override
    public Mono<Loaded> reload(PluginId plugin) {
        return reads.of(plugin).flatMap(found -> Mono.justOrEmpty(alone(found)));
    }

    private Optional<Loaded> alone(List<Loaded> found) {
        for (Loaded beside : found) {
            if (beside instanceof Loaded.Notice(var place, String problem)) {
                notices.tell(place, problem);
            }
        }
        return found.stream().findFirst();
    }

    @Override
    public List<Loaded.Notice> notices() {
        return notices.now();
    }

    @Override
    public Mono<StagedPlugin> stage(PluginName name, Publisher<ByteBuffer> context) {
        return staging.stage(name, context);
    }

    @Override
    public Mono<StagedPlugin> stage(PluginImage image, BlobSource source, Consumer<LayerProgress> progress) {
        return staging.stage(image, source, progress);
    }

    @Override
    public Mono<Void> install(StagedPlugin staged, PluginRecord plugin) {
        return io.toTheEnd(() -> {
            folders.install(staged.rootfs(), plugin);
            staging.forget(staged);
        });
    }

    @Override
    public Mono<Void> upgrade(StagedPlugin staged, PluginRecord plugin) {
        return io.toTheEnd(() -> {
            unsettled.require(plugin.plugin().id());
            withVersionsHeld(plugin.plugin().id(), () -> versions.upgrade(staged.rootfs(), plugin));
            propagatedMounts.provide(plugin);
            staging.forget(staged);
        });
    }

    @Override
    public Mono<Void> rollBack(PluginRecord plugin) {
        return io.toTheEnd(() -> {
            unsettled.require(plugin.plugin().id());
            withVersionsHeld(plugin.plugin().id(), () -> versions.rollBack(plugin));
            propagatedMounts.provide(plugin);
        });
    }

    /** Protects what a sweep could overlook while records change their places. */
    private void withVersionsHeld(PluginId plugin, Runnable change) {
        BlobLeases.Lease lease = leases.lease();
        try {
            lease.hold(References.read(List.of(layout.plugin(plugin)), files, content).blobs());
            change.run();
        } finally {
            lease.release();
        }
    }

    @Override
    public Mono<Void> discard(StagedPlugin staged) {
        return staging.discard(staged);
    }

    @Override
    public Mono<Void> save(PluginRecord plugin) {
        return io.toTheEnd(() -> folders.save(plugin));
    }

    @Override
    public Mono<Void> saveRuntime(PluginId plugin, RuntimeRecord runtime) {
        return io.toTheEnd(() -> folders.saveRuntime(plugin, runtime));
    }

    @Override
    public Mono<Void> saveHolders(PluginId plugin, List<Holder> holders) {
        return io.toTheEnd(() -> folders.saveHolders(plugin, holders));
    }

    @Override
    public Mono<Void> saveLimits(PluginId plugin, LimitOverrides limits) {
        return io.toTheEnd(() -> folders.saveLimits(plugin, limits));
    }

    @Override
    public Mono<Void> remove(PluginId plugin) {
        return io.toTheEnd(() -> {
            unsettled.giveUp(plugin);
            trash.takeRemains(plugin);
            folders.remove(plugin);
        });
    }

    @Override
    public Mono<Void> purge(PluginId plugin) {
        return sweeps.toTheEnd(() -> folders.purge(plugin, () -> false));
    }

    @Override
    public Mono<GarbageReport> collectGarbage(boolean dryRun) {
        return collections.toTheEnd(() -> garbage.collect(dryRun));
    }

    @Override
    public Flux<ByteBuffer> blob(Digest blob) {
        return blobs.read(blob);
    }

    @Override
    public Mono<Long> blobSize(Digest blob) {
        return io.toTheEnd(() -> {
            leases.settle(blob);
            return content.size(blob);
        }).flatMap(Mono::justOrEmpty);
    }

    @Override
    public Mono<Digest> put(byte[] bytes, BlobHold hold) {
        return io.toTheEnd(() -> {
            content.prepare();
            return content.put(bytes, leases.own(hold));
        });
    }

    @Override
    public Mono<ImportedLayout> readLayout(Publisher<ByteBuffer> sent) {
        return staging.readLayout(sent);
    }

    @Override
    public BlobHold hold(Collection<Digest> protectedBlobs) {
        BlobLeases.Lease lease = leases.lease();
        lease.hold(protectedBlobs);
        return lease;
    }

    @Override
    public void release(BlobHold hold) {
        leases.own(hold).release();
    }

    @Override
    public Path rootfs(PluginId plugin) {
        unsettled.require(plugin);
        return layout.rootfs(plugin);
    }

    @Override
    public Path propagatedMount(PluginId plugin) {
        return layout.propagatedMount(plugin);
    }

    @Override
    public Mono<Path> onHost(InstalledPlugin plugin, String inside) {
        Path propagated = propagatedMount(plugin.id());
        return looks.find(plugin.id(), inside, () -> files.step(DiskStep.READ, layout.plugin(plugin.id()),
                () -> new InsidePath(rootfs(plugin.id()), propagated, InsideMount.of(plugin, propagated))
                        .onHost(inside)));
    }

    /** Completes when nothing is being judged or deleted any more of what was to be until now. */
    Mono<Void> atRest() {
        return unsettled.ended().then(trash.emptied());
    }

    @Override
    public Mono<Void> close() {
        return staging.close()
                .then(io.toTheEnd(unsettled::close).onErrorComplete(StoreException.class)) // closed before
                .then(Mono.when(trash.close(), judging.close(), reads.close(), io.close(), sweeps.close(),
                        collections.close(),
                        decompression.close(),
                        flushing.close(),
                        compression.disposeGracefully()))
                .then(deletions.close()) // collections wait for theirs
                .then(Mono.fromRunnable(() -> {
                    looks.close();
                    timers.dispose();
                    lock.release();
                }));
    }
}
