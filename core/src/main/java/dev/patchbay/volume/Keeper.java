package dev.patchbay.volume;

import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Subscription;
import dev.patchbay.use.Holder;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keeps volumes as their owners want them, whatever happens to their plugins. It looks when something has happened to a plugin,
 * and from time to time, and orders what is to be done; that is done when it is the volume's turn, after another look. What
 * fails is tried again with growing pauses, as often as {@link Tries} lets it.
 */
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    /** Between looks while something is to be tried again. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Of how many ticks one leads to a look if nothing is. */
    private static final int USUAL = 30;

    /** After these a volume may be other than it should be; a plugin that was taken over tells of nothing. */
    private static final EventFilter NEWS = EventFilter.types(EventType.ENABLE, EventType.RECOVER,
            EventType.RESTORED, EventType.STOP, EventType.DISABLE, EventType.REMOVE);

    private static final int MOST_ORDERS = 16_384;

    private final Workshop workshop;
    private final Plugins plugins;
    private final Lanes lanes;
    private final VolumeThreads threads;
    private final Mounting mounting;
    private final Unmounting unmounting;
    private final Tries tries = new Tries();
    private final Sinks.Many<Order> orders = Sinks.many().unicast().onBackpressureBuffer();
    private final Set<String> ordered = new HashSet<>(); // state thread only

    /** What is to be done to a volume. */
    private record Order(String volume, Optional<LeftHold> leftHold) {}

    /** A plugin that is held for something that there is not. */
    private record LeftHold(String plugin, Holder holder) {}

    Keeper(Workshop workshop, Plugins plugins, Lanes lanes, VolumeThreads threads) {
        this.workshop = workshop;
        this.plugins = plugins;
        this.lanes = lanes;
        this.threads = threads;
        this.mounting = new Mounting(workshop);
        this.unmounting = new Unmounting(workshop);
    }

    /** What an operator should look at. */
    List<String> problems() {
        return tries.problems();
    }

    /** Looks and orders, once volumes are known. */
    Mono<Void> pipeline() {
        Flux<Long> news = plugins.events(Subscription.NOW.only(NEWS)).map(_ -> 0L);
        Flux<Long> ticks = Flux.interval(TICK, threads.state())
                .onBackpressureDrop()
                .filter(tick -> tick % USUAL == 0 || tries.areSome());
        Mono<Void> looking = Flux.merge(news, ticks)
                .onBackpressureLatest()
                .publishOn(threads.state(), 1)
                .concatMap(_ -> look().onErrorResume(Exception.class, Keeper::unexpected), 1)
                .then();
        Mono<Void> working = orders.asFlux().flatMap(this::carryOut, MOST_ORDERS).then();
        return Mono.when(looking, working);
    }

    private static Mono<Void> unexpected(Exception failure) {
        return Mono.fromRunnable(() -> LOG.error("a look at the volumes failed", failure));
    }

    private Mono<Void> look() {
        Mono<Void> volumes = Flux.fromIterable(workshop.file().book().all())
                .concatMap(volume -> workshop.drivers()
                        .seen(volume)
                        .filter(plugin -> isOtherThanItShouldBe(volume, plugin))
                        .flatMap(_ -> order(new Order(volume.name(), Optional.empty()))))
                .then();
        Mono<Void> holds = workshop.file().isWhole()
                ? workshop.drivers()
                        .installed()
                        .flatMapMany(Flux::fromIterable)
                        .concatMap(plugin -> Flux.fromIterable(left(plugin)).concatMap(this::order))
                        .then()
                : Mono.empty();
        return volumes.then(holds).then(Mono.fromRunnable(() -> tries.retain(wanted())));
    }

    private Set<String> wanted() {
        return workshop.file()
                .book()
                .all()
                .stream()
                .flatMap(volume -> Stream.concat(
                        Stream.of(what(volume)),
                        volume.allMounts().map(mount -> what(volume, mount))))
                .collect(Collectors.toSet());
    }

    private Mono<Void> order(Order order) {
        return Mono.fromRunnable(() -> {
            if (ordered.add(order.volume())) {
                switch (orders.tryEmitNext(order)) {
                    case OK, FAIL_CANCELLED, FAIL_TERMINATED -> {
                    } // the end has come
                    case FAIL_NON_SERIALIZED, FAIL_OVERFLOW, FAIL_ZERO_SUBSCRIBER ->
                        throw new IllegalStateException(
                                "an order about volume " + order.volume() + " was lost");
                }
            }
        });
    }

    private boolean isOtherThanItShouldBe(Volume volume, Seen plugin) {
        return volume.allMounts().anyMatch(mount -> isDue(volume, mount, plugin))
                || (plugin instanceof Seen.Runs runs && isDue(what(volume), runs.start())
                        && lacksHold(volume, runs));
    }

    private static boolean lacksHold(Volume volume, Seen.Runs plugin) {
        return Holds.of(volume).anyMatch(holder -> plugin.heldBy().find(holder.id()).isEmpty());
    }

    private boolean isDue(Volume volume, Mount mount, Seen plugin) {
        return MountRules.next(mount, plugin) != MountRules.Next.NOTHING
                && (!(plugin instanceof Seen.Runs(Start now, _)) || isDue(what(volume, mount), now));
    }

    private boolean isDue(String what, Start start) {
        return tries.isDue(what, start, threads.state().now(TimeUnit.MILLISECONDS));
    }

    private static String what(Volume volume) {
        return "volume " + volume.name() + " does not hold its plugin " + volume.driver();
    }

    private static String what(Volume volume, Mount mount) {
        return "volume " + volume.name() + " mount " + mount.id() + " is not as it should be";
    }

    private List<Order> left(PluginView plugin) {
        Book book = workshop.file().book();
        return plugin.inUseBy()
                .stream()
                .filter(holder -> isLeft(book, holder))
                .map(holder -> new Order(Holds.volume(holder).orElseThrow(),
                        Optional.of(new LeftHold(plugin.plugin().id().hex(), holder))))
                .toList();
    }

    private static boolean isLeft(Book book, Holder holder) {
        return Holds.volume(holder)
                .filter(volume -> book.find(volume).stream().flatMap(Holds::of).noneMatch(holder::equals))
                .isPresent();
    }

    private Mono<Void> carryOut(Order order) {
        return lanes.<Boolean>inTurn(order.volume(), _ -> order.leftHold()
                .map(this::release)
                .orElseGet(() -> workshop.file()
                        .book()
                        .find(order.volume())
                        .map(this::putRight)
                        .orElseGet(Mono::empty))
                .thenReturn(true))
                .onErrorResume(Exception.class, failure -> Mono.fromRunnable(() -> LOG.warn(
                        "volume {} could not be put right: {}", order.volume(), failure.getMessage())))
                .publishOn(threads.state())
                .then(Mono.fromRunnable(() -> ordered.remove(order.volume())));
    }

    private Mono<Void> release(LeftHold left) {
        return Mono.defer(() -> isLeft(workshop.file().book(), left.holder())
                ? workshop.drivers().release(left.plugin(), left.holder())
                : Mono.empty());
    }

    private Mono<Void> putRight(Volume volume) {
        return workshop.drivers()
                .seen(volume)
                .flatMap(plugin -> Flux.fromStream(volume.allMounts())
                        .filter(mount -> isDue(volume, mount, plugin))
                        .concatMap(mount -> putRight(volume, mount, plugin))
                        .then(plugin instanceof Seen.Runs runs ? hold(volume.name(), runs) : Mono.empty()));
    }

    private Mono<Void> putRight(Volume volume, Mount mount, Seen plugin) {
        Mono<Void> work = switch (MountRules.next(mount, plugin)) {
            case NOTHING -> Mono.empty();
            case MOUNT -> mounting.mount(volume, mount.id(), () -> false).then();
            case UNMOUNT -> unmounting.end(volume, mount);
            case FORGET -> unmounting.forget(volume, mount,
                    plugin instanceof Seen.Gone ? "plugin gone" : "plugin restarted");
        };
        return noting(what(volume, mount), plugin, work);
    }

    /** As the book is by now. */
    private Mono<Void> hold(String name, Seen.Runs plugin) {
        return Mono.defer(() -> Mono.justOrEmpty(workshop.file().book().find(name))
                .flatMap(volume -> noting(what(volume), plugin, Flux.fromStream(Holds.of(volume))
                        .filter(holder -> plugin.heldBy().find(holder.id()).isEmpty())
                        .concatMap(holder -> workshop.drivers().acquire(volume.driver(), holder))
                        .then())));
    }

    private Mono<Void> noting(String what, Seen plugin, Mono<Void> work) {
        return work.publishOn(threads.state())
                .then(Mono.<Void>fromRunnable(() -> tries.succeeded(what)))
                .onErrorResume(Exception.class, failure -> Mono.<Void>fromRunnable(() -> {
                    LOG.warn("{}: {}", what, failure.getMessage());
                    if (plugin instanceof Seen.Runs(Start start, _)) {
                        long now = threads.state().now(TimeUnit.MILLISECONDS);
                        tries.failed(what, start, now, String.valueOf(failure.getMessage()));
                    }
                }).subscribeOn(threads.state()));
    }
}
