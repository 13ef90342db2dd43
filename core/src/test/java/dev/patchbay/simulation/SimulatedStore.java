package dev.patchbay.simulation;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.PluginImage;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.store.BlobHold;
import dev.patchbay.store.BlobSource;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.ImportedLayout;
import dev.patchbay.store.InMemoryStore;
import dev.patchbay.store.InvalidContentException;
import dev.patchbay.store.Loaded;
import dev.patchbay.store.PluginStore;
import dev.patchbay.store.RuntimeRecord;
import dev.patchbay.store.StagedPlugin;
import dev.patchbay.store.StoreException;
import dev.patchbay.use.Holder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * A store on a {@link SimulatedDisk}, for as long as one process lives. Each piece of work on the disk begins some time
 * after it was asked for and is heard of some time after it is done; in between it is not interrupted, but may be cut off
 * at any of its steps by the end of the process.
 */
final class SimulatedStore implements PluginStore {
    static final String PLUGINS = "plugins";
    static final String STAGING = "staging";
    static final String BLOBS = "blobs";

    private static final Path PLACE = Path.of("/sim");
    private static final int SIDE_BY_SIDE = 3;

    /** An engine does not wait much longer than this for the number of a start to be written. */
    private static final long LATE = 25 * VirtualTime.SECOND;

    /** Something that is being staged, or is. */
    private record Stage(String name, StoredContent.Lease lease) {}

    private final SimulatedDisk disk;
    private final Machine machine;
    private final StoredPlugins plugins;
    private final StoredContent content;
    private final Surroundings surroundings;
    private final Lanes threads;
    private final Map<String, Stage> stages = new HashMap<>();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Runnable stuck;
    private int atWork;

    SimulatedStore(World world, Lanes threads) {
        this.disk = world.disk();
        this.machine = world.machine();
        this.surroundings = world.surroundings();
        this.threads = threads;
        this.stuck = () -> world.incarnation().getStuck();
        this.plugins = new StoredPlugins(disk, world.faults(), world::unreadable);
        this.content = new StoredContent(disk, world.faults(), plugins, surroundings.mutant());
    }

    /** Opening has limits of its own in a real store, so it never hangs here. */
    @Override
    public Flux<Loaded> load() {
        return onDisk(surroundings.diskPause(), false, () -> {
            List<Loaded> found = new ArrayList<>(plugins.load());
            if (surroundings.mutant() == Mutant.RESTORE_FORGETS && !found.isEmpty()
                    && surroundings.chance().oneIn(4)) {
                found.removeLast();
            }
            return found;
        }).flatMapIterable(found -> found);
    }

    @Override
    public Mono<Loaded> reload(PluginId plugin) {
        return onDisk(() -> plugins.reload(plugin)).flatMap(Mono::justOrEmpty);
    }

    @Override
    public List<Loaded.Notice> notices() {
        return List.of();
    }

    @Override
    public Mono<StagedPlugin> stage(PluginName name, Publisher<ByteBuffer> context) {
        return staged(stage -> whole(Flux.from(context)).flatMap(bytes -> onDisk(() -> {
            SampleImages.Sample sample = SampleImages.ofContext(bytes)
                    .orElseThrow(() -> new InvalidContentException("config not found", null));
            return keep(stage, sample.image(), sample.layers());
        })));
    }

    @Override
    public Mono<StagedPlugin> stage(PluginImage image, BlobSource source, Consumer<LayerProgress> progress) {
        return staged(stage -> Flux.fromIterable(image.layers())
                .flatMapSequential(layer -> fetch(layer, source, progress), SIDE_BY_SIDE)
                .collectList()
                .flatMap(layers -> onDisk(() -> keep(stage, image, layers))));
    }

    private Mono<byte[]> fetch(Descriptor layer, BlobSource source, Consumer<LayerProgress> progress) {
        return Mono.defer(() -> {
            progress.accept(new LayerProgress(layer.digest(), LayerProgress.Phase.WAITING, 0, layer.size()));
            return content.bytes(layer.digest())
                    .map(Mono::just)
                    .orElseGet(() -> whole(source.open(layer)));
        });
    }

    private Mono<StagedPlugin> staged(java.util.function.Function<Stage, Mono<StagedPlugin>> work) {
        Mono<StagedPlugin> attempt = Mono.usingWhen(
                Mono.fromSupplier(this::begin),
                work,
                _ -> Mono.empty(),
                (stage, _) -> drop(stage.name()).onErrorComplete(StoreException.class),
                stage -> drop(stage.name()).onErrorComplete(StoreException.class));
        return Mono.firstWithSignal(attempt,
                closing.asMono().then(Mono.error(() -> new StoreException("the store was closed", null))));
    }

    private Stage begin() {
        var stage = new Stage(plugins.unique("staged-"), content.lease(List.of()));
        stages.put(stage.name(), stage);
        return stage;
    }

    /** Layers, configuration, manifest, then files. */
    private StagedPlugin keep(Stage stage, PluginImage image, List<byte[]> layers) {
        if (!stages.containsKey(stage.name())) {
            throw new StoreException("staging was given up", null);
        }
        List<Digest> digests = image.layers().stream().map(Descriptor::digest).toList();
        for (int at = 0; at < layers.size(); at++) {
            content.put(digests.get(at), layers.get(at), stage.lease());
        }
        content.put(image.config().digest(), image.configJson(), stage.lease());
        content.put(image.manifest().digest(), image.manifest().bytes(), stage.lease());
        var folder = disk.createFolder(disk.top(STAGING), stage.name());
        disk.create(folder, StoredPlugins.FILES, image.config().digest());
        disk.sync(folder, StoredPlugins.FILES);
        disk.sync(folder);
        return new StagedPlugin(PLACE.resolve(stage.name()), image.parsed(), image.config().digest(),
                image.manifest().digest(), digests);
    }

    private static String name(StagedPlugin staged) {
        return String.valueOf(staged.rootfs().getFileName());
    }

    @Override
    public Mono<Void> install(StagedPlugin staged, PluginRecord record) {
        return write(() -> {
            plugins.install(name(staged), record);
            forget(name(staged));
        });
    }

    @Override
    public Mono<Void> upgrade(StagedPlugin staged, PluginRecord record) {
        return write(() -> {
            plugins.upgrade(name(staged), record);
            forget(name(staged));
        });
    }

    @Override
    public Mono<Void> rollBack(PluginRecord record) {
        return write(() -> plugins.rollBack(record));
    }

    @Override
    public Mono<Void> discard(StagedPlugin staged) {
        return drop(name(staged));
    }

    private Mono<Void> drop(String name) {
        return onDisk(() -> {
            if (stages.containsKey(name)) {
                disk.delete(disk.top(STAGING), name);
                forget(name);
                content.collect(false);
            }
            return true;
        }).then();
    }

    private void forget(String name) {
        Stage stage = stages.remove(name);
        if (stage != null) {
            content.release(stage.lease());
        }
    }

    @Override
    public Mono<Void> save(PluginRecord record) {
        return write(() -> plugins.save(record));
    }

    @Override
    public Mono<Void> saveRuntime(PluginId plugin, RuntimeRecord runtime) {
        return Mono.defer(() -> {
            long pause = surroundings.diskPause();
            boolean hangs = surroundings.diskHangs();
            if (pause > LATE || hangs) {
                machine.numberIsLost(plugin);
            }
            return onDisk(pause, hangs, () -> {
                plugins.saveRuntime(plugin, runtime);
                return true;
            }).doOnError(_ -> machine.numberIsLost(plugin)).then();
        });
    }

    @Override
    public Mono<Void> saveHolders(PluginId plugin, List<Holder> holders) {
        return surroundings.mutant() == Mutant.FORGET_HOLDERS
                ? Mono.empty()
                : write(() -> plugins.saveHolders(plugin, holders));
    }

    @Override
    public Mono<Void> saveLimits(PluginId plugin, LimitOverrides limits) {
        return surroundings.mutant() == Mutant.FORGET_LIMITS
                ? Mono.empty()
                : write(() -> plugins.saveLimits(plugin, limits));
    }

    @Override
    public Mono<Void> remove(PluginId plugin) {
        return write(() -> plugins.remove(plugin));
    }

    @Override
    public Mono<Void> purge(PluginId plugin) {
        return write(() -> plugins.purge(plugin));
    }

    @Override
    public Mono<GarbageReport> collectGarbage(boolean dryRun) {
        return onDisk(() -> content.collect(dryRun));
    }

    @Override
    public Flux<ByteBuffer> blob(Digest blob) {
        return onDisk(() -> content.bytes(blob)
                .orElseThrow(() -> new StoreException("cannot read " + blob + ": no such file", null)))
                .flux()
                .map(ByteBuffer::wrap);
    }

    @Override
    public Mono<Long> blobSize(Digest blob) {
        return onDisk(() -> content.bytes(blob)).flatMap(Mono::justOrEmpty).map(bytes -> (long) bytes.length);
    }

    @Override
    public Mono<Digest> put(byte[] bytes, BlobHold hold) {
        return onDisk(() -> {
            Digest digest = Digest.sha256(bytes);
            content.put(digest, bytes, own(hold));
            return digest;
        });
    }

    @Override
    public BlobHold hold(Collection<Digest> protectedBlobs) {
        return content.lease(protectedBlobs);
    }

    @Override
    public void release(BlobHold hold) {
        content.release(own(hold));
    }

    private static StoredContent.Lease own(BlobHold hold) {
        if (hold instanceof StoredContent.Lease lease) {
            return lease;
        }
        throw new IllegalArgumentException("this store did not give out " + hold);
    }

    @Override
    public Mono<ImportedLayout> readLayout(Publisher<ByteBuffer> layout) {
        return Mono.error(() -> new StoreException("layouts are not simulated", null));
    }

    @Override
    public Path rootfs(PluginId plugin) {
        return PLACE.resolve(plugin.hex());
    }

    @Override
    public Path propagatedMount(PluginId plugin) {
        return PLACE.resolve(plugin.hex()).resolve("propagated-mount");
    }

    @Override
    public Mono<Path> onHost(InstalledPlugin plugin, String inside) {
        return Mono.error(() -> new StoreException("files are not simulated", null));
    }

    @Override
    public Mono<Void> close() {
        return Mono.create(sink -> {
            boolean _ = closing.tryEmitEmpty().isSuccess(); // a second close finds it emitted, which is as good
            awaitRest(sink);
        });
    }

    private void awaitRest(MonoSink<Void> sink) {
        if (atWork == 0) {
            sink.success();
        } else {
            threads.any().after(VirtualTime.MILLISECOND, () -> awaitRest(sink));
        }
    }

    private Mono<Void> write(Runnable work) {
        return Mono.<Boolean>defer(() -> {
            Mono<Boolean> written = onDisk(() -> {
                work.run();
                return true;
            });
            if (surroundings.mutant() != Mutant.REPLY_BEFORE_STORE) {
                return written;
            }
            var _ = written.subscribe(_ -> {}, _ -> {});
            return Mono.just(true);
        }).then();
    }

    /** Carried out whole once it has begun, whoever still listens. */
    private <T> Mono<T> onDisk(Supplier<T> work) {
        return Mono.defer(() -> onDisk(surroundings.diskPause(), surroundings.diskHangs(), work));
    }

    private <T> Mono<T> onDisk(long pause, boolean hangs, Supplier<T> work) {
        return Mono.create(sink -> {
            atWork++;
            if (hangs) {
                hang(pause, work);
            } else {
                var _ = threads.any().after(pause, () -> carryOut(work, sink));
            }
        });
    }

    /** It never begins, or it is done and nobody ever hears of it. */
    private void hang(long pause, Supplier<?> work) {
        stuck.run();
        if (surroundings.chance().oneIn(2)) {
            var _ = threads.any().after(pause, () -> {
                try {
                    var _ = work.get();
                } catch (StoreException | InvalidContentException _) {
                    // nobody hears of that either
                }
            });
        }
    }

    private <T> void carryOut(Supplier<T> work, MonoSink<T> sink) {
        Runnable answer;
        try {
            T result = work.get();
            answer = () -> sink.success(result);
        } catch (StoreException | InvalidContentException e) {
            answer = () -> sink.error(e);
        }
        Runnable told = answer;
        threads.any().after(surroundings.diskPause(), () -> {
            atWork--;
            told.run();
        });
    }

    private static Mono<byte[]> whole(Flux<ByteBuffer> buffers) {
        return buffers.collect(ByteArrayOutputStream::new, InMemoryStore::append)
                .map(ByteArrayOutputStream::toByteArray);
    }
}
