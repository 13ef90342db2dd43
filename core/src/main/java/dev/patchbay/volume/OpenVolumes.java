package dev.patchbay.volume;

import dev.patchbay.EngineClosedException;
import dev.patchbay.Force;
import dev.patchbay.PluginException;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.VolumesUnavailableException;
import dev.patchbay.stream.TimeLimit;
import dev.patchbay.text.Quoted;
import dev.patchbay.use.Holder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;

/** The volumes of one engine. Owns its threads, and what runs on them by itself. */
final class OpenVolumes implements Volumes {
    private static final Logger LOG = LoggerFactory.getLogger(OpenVolumes.class);
    private static final int NAME_BYTES = 32; // as many as Docker makes names of
    private static final int ID_BYTES = 16; // so that an id of a holder has room for it and such a name
    private static final int SIDE_BY_SIDE = 16;

    private final BookFile file;
    private final Workshop workshop;
    private final Lanes lanes;
    private final Keeper keeper;
    private final Search search;
    private final Listing listing;
    private final Creation creation;
    private final Removal removal;
    private final Mounting mounting;
    private final Unmounting unmounting;
    private final Disposable.Composite standing = Disposables.composite();
    private final SecureRandom random = new SecureRandom();
    private final VolumeThreads threads;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Duration patience;
    private final Mono<Void> closing;
    private volatile Optional<String> outOfOrder = Optional.empty();

    private OpenVolumes(Plugins plugins, VolumesConfig config, VolumeThreads threads) {
        this.threads = threads;
        patience = config.times().look();
        file = new BookFile(config, threads);
        lanes = new Lanes(threads);
        workshop = new Workshop(file, new Drivers(plugins, file::boot), new DriverCalls(config.times()),
                new MountPoints(plugins, threads, config.times().look()),
                new Announcements(plugins, threads.state()));
        keeper = new Keeper(workshop, plugins, lanes, threads);
        search = new Search(workshop);
        listing = new Listing(workshop, search, threads.replies());
        creation = new Creation(workshop, search, threads.clock());
        unmounting = new Unmounting(workshop);
        mounting = new Mounting(workshop, unmounting);
        removal = new Removal(workshop, search, unmounting);
        closing = Mono.<Void>fromRunnable(() -> {
            lanes.close();
            var _ = closed.tryEmitEmpty(); // once is enough; before anything ends that somebody waits for
            standing.dispose();
        }).then(threads.stop()).cache();
    }

    static OpenVolumes of(Plugins plugins, VolumesConfig config, VolumeThreads threads) {
        var volumes = new OpenVolumes(plugins, config, threads);
        volumes.begin();
        return volumes;
    }

    private void begin() {
        standing.add(lanes.pipeline().subscribe(_ -> {}, this::failed));
        standing.add(file.opening(Mono.defer(this::releaseLeft))
                .then(Mono.defer(keeper::pipeline))
                .subscribe(_ -> {}, this::failed));
    }

    /** Whoever waits, or comes later, hears of it: nothing would ever answer them. */
    private void failed(Throwable bug) {
        String sentence = "volumes are out of order until they are opened again: " + bug;
        LOG.error(sentence, bug);
        outOfOrder = Optional.of(sentence);
        var _ = closed.tryEmitError(new VolumesUnavailableException(sentence));
    }

    /** Plugins may be held for what was cut off before it was written down: known now, before anything new is. */
    private Mono<Void> releaseLeft() {
        if (!file.isWhole()) {
            return Mono.empty(); // who is not in the book may be one that was lost
        }
        Set<String> ids = file.book()
                .all()
                .stream()
                .flatMap(Holds::of)
                .map(Holder::id)
                .collect(Collectors.toSet());
        return workshop.drivers()
                .installed()
                .flatMapMany(Flux::fromIterable)
                .flatMap(plugin -> Flux.fromStream(plugin.inUseBy().stream())
                        .filter(holder -> Holds.isOurs(holder) && !ids.contains(holder.id()))
                        .flatMap(holder -> release(plugin, holder), SIDE_BY_SIDE), SIDE_BY_SIDE)
                .then();
    }

    private Mono<Void> release(PluginView plugin, Holder holder) {
        return workshop.drivers()
                .release(plugin.plugin().id().hex(), holder)
                .onErrorResume(PluginException.class, left -> Mono.fromRunnable(() -> LOG.warn(
                        "plugin {} is still held for {}: {}", plugin.name(), holder.label(),
                        left.getMessage())));
    }

    @Override
    public Mono<VolumeView> create(VolumeRequest request) {
        return untilClosed(named(request)
                .flatMap(named -> inTurn(named.name(), _ -> creation.create(named)))
                .flatMap(listing::view));
    }

    private Mono<VolumeRequest> named(VolumeRequest request) {
        return !request.name().isEmpty() ? Mono.just(request) : madeUp(NAME_BYTES).map(name -> {
            Map<String, String> labels = new TreeMap<>(request.labels());
            labels.put(VolumeRequest.ANONYMOUS, "");
            return request.named(name, labels);
        });
    }

    /** Chance comes from a file. */
    private Mono<String> madeUp(int length) {
        return TimeLimit.on(Mono.fromSupplier(() -> {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }).subscribeOn(threads.looks()), patience, threads.state(),
                Mono.error(() -> new VolumesUnavailableException(
                        "no name could be made up: too many mount points hang")));
    }

    @Override
    public Mono<VolumeList> list(VolumeFilter filter) {
        return whenReady(listing.list(filter));
    }

    @Override
    public Mono<VolumeView> inspect(String name) {
        return untilClosed(Mono.defer(() -> VolumeNames.isName(name)
                ? listing.inspect(name)
                : Mono.error(Search.missing(Quoted.shortened(name), List.of()))));
    }

    @Override
    public Mono<Void> remove(String name, Force force) {
        return untilClosed(
                Mono.defer(() -> inTurn(VolumeNames.checked(name), _ -> removal.remove(name, force))));
    }

    @Override
    public Mono<PruneReport> prune(VolumeFilter filter, boolean all) {
        return whenReady(listing.known(filter)
                .flatMapMany(Flux::fromIterable)
                .filter(volume -> volume.isUnused()
                        && (all || volume.labels().containsKey(VolumeRequest.ANONYMOUS)))
                .flatMapSequential(this::pruned, SIDE_BY_SIDE)
                .collectList()
                .flatMap(this::report));
    }

    private record Pruned(String volume, Optional<String> failure) {}

    private Mono<Pruned> pruned(VolumeView volume) {
        return remove(volume.name(), Force.NO)
                .thenReturn(new Pruned(volume.name(), Optional.empty()))
                // The end of all is no failure of one volume.
                .onErrorResume(e -> e instanceof PluginException && !(e instanceof EngineClosedException),
                        e -> Mono.just(
                                new Pruned(volume.name(), Optional.of(String.valueOf(e.getMessage())))));
    }

    private Mono<PruneReport> report(List<Pruned> all) {
        var removed = new ArrayList<String>();
        var warnings = new ArrayList<String>();
        all.forEach(one -> one.failure().ifPresentOrElse(warnings::add, () -> removed.add(one.volume())));
        return workshop.news().pruned(removed.size()).thenReturn(new PruneReport(removed, warnings));
    }

    @Override
    public Mono<MountedVolume> mount(String name, Optional<String> id) {
        return untilClosed(Mono.defer(() -> {
            VolumeNames.checked(name);
            return id.map(given -> Mono.just(VolumeNames.checkedMount(given)))
                    .orElseGet(() -> madeUp(ID_BYTES))
                    .flatMap(mount -> inTurn(name, caller -> remembered(name)
                            .flatMap(volume -> mounting.mount(volume, mount, caller))));
        }));
    }

    private Mono<Volume> remembered(String name) {
        return file.book()
                .find(name)
                .map(Mono::just)
                .orElseGet(() -> search.find(name)
                        .flatMap(found -> found.volume()
                                .map(volume -> creation.adopt(name, volume.driver(), Map.of()))
                                .orElseGet(() -> Mono.error(Search.missing(name, found.failures())))));
    }

    @Override
    public Mono<Void> unmount(String name, String id) {
        return untilClosed(Mono.defer(() -> {
            VolumeNames.checkedMount(id);
            return inTurn(VolumeNames.checked(name), _ -> file.book()
                    .find(name)
                    .map(volume -> volume.mount(id)
                            .map(mount -> unmounting.unmount(volume, mount))
                            .orElseGet(() -> unmounting.letGo(volume, id)))
                    .orElseGet(Mono::empty));
        }));
    }

    @Override
    public List<String> problems() {
        var all = new ArrayList<>(file.problems());
        all.addAll(keeper.problems());
        outOfOrder.ifPresent(all::add);
        return List.copyOf(all);
    }

    @Override
    public Mono<Void> close() {
        return closing;
    }

    private <T> Mono<T> inTurn(String volume, Function<Lanes.Caller, Mono<T>> work) {
        return file.ready().then(lanes.inTurn(volume, work));
    }

    /** Looking takes no turn. */
    private <T> Mono<T> whenReady(Mono<T> look) {
        return untilClosed(file.ready().then(look));
    }

    /** Whatever is waited for ends with this: then no thread and no timer is left that could say so. */
    private <T> Mono<T> untilClosed(Mono<T> work) {
        Mono<Signal<T>> end = closed.asMono()
                .then(Mono.<T>error(EngineClosedException::new))
                .materialize();
        return Mono.firstWithSignal(end, work.publishOn(threads.replies()).materialize()).dematerialize();
    }
}
