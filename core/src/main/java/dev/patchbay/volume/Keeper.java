package dev.patchbay.volume;

import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.event.Subscription;
import dev.patchbay.use.Holder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /**
     * After a look, whatever the news: each goes through all plugins, and where hundreds start each would lead to one.
     */
    private static final Duration REST = Duration.ofMillis(100);

    /** Of how many ticks one leads to a look if nothing is. */
    private static final int USUAL = 30;

    /** After these a volume may be other than it should be; a plugin that was taken over tells of nothing. */
    private static final EventFilter NEWS = EventFilter.types(EventType.ENABLE, EventType.RECOVER,
            EventType.RESTORED, EventType.STOP, EventType.DISABLE, EventType.REMOVE);

    private static final int MOST_ORDERS = 16_384;

    /** Volumes of one driver that are unmounted at a time: each may hang, and has a connection meanwhile. */
    static final int MOST_UNMOUNTINGS = 8;

    private final Workshop workshop;
    private final Plugins plugins;
    private final Lanes lanes;
    private final VolumeThreads threads;
    private final Mounting mounting;
    private final Unmounting unmounting;
    private final Tries tries = new Tries();
    private final Sinks.Many<Order> orders = Sinks.many().unicast().onBackpressureBuffer();
    private final Set<String> ordered = new HashSet<>(); // state thread only
    private final Map<String, Integer> unmountings = new HashMap<>(); // by driver; state thread only
    private boolean postponed; // state thread only

    /** What is to be done to a volume; the driver, if it will be told to unmount something. */
    private record Order(String volume, Optional<LeftHold> leftHold, Optional<String> unmountsOf) {}

    /** A plugin that is held for something that there is not. */
    private record LeftHold(String plugin, Holder holder) {}

    Keeper(Workshop workshop, Plugins plugins, Lanes lanes, VolumeThreads threads) {
        this.workshop = workshop;
        this.plugins = plugins;
        this.lanes = lanes;
        this.threads = threads;
        this.unmounting = new Unmounting(workshop);
        this.mounting = new Mounting(workshop, unmounting);
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
                .filter(tick -> tick % USUAL == 0 || tries.areSome() || postponed);
        Mono<Void> looking = Flux.merge(news, ticks)
                .onBackpressureLatest()
                .publishOn(threads.state(), 1)
                .concatMap(_ -> look().onErrorResume(Exception.class, Keeper::unexpected)
                        .then(Mono.delay(REST, threads.state())), 1)
                .then();
        Mono<Void> working = orders.asFlux().flatMap(this::carryOut, MOST_ORDERS).then();
        return Mono.when(looking, working);
    }

    private static Mono<Void> unexpected(Exception failure) {
        return Mono.fromRunnable(() -> LOG.error("a look at the volumes failed", failure));
    }

    private Mono<Void> look() {
        return Mono.defer(() -> {
            postponed = false;
            return look(tries.all());
        });
    }

    /** Forgets what was tried in vain before and is as it should be by now, whoever put it right. */
    private Mono<Void> look(Set<String> stale) {
        Mono<Void> volumes = Flux.fromIterable(workshop.file().book().all())
                .concatMap(volume -> workshop.drivers()
                        .seen(volume)
                        .flatMap(plugin -> {
                            wrong(volume, plugin).forEach(stale::remove);
                            return isOtherThanItShouldBe(volume, plugin)
                                    ? order(new Order(volume.name(), Optional.empty(),
                                            unmounts(volume, plugin)))
                                    : Mono.<Void>empty();
                        }))
                .then();
        Mono<Void> holds = workshop.file().isWhole()
                ? workshop.drivers()
                        .installed()
                        .flatMapMany(plugins -> {
                            Set<Holder> wanted = wanted();
                            return Flux.fromIterable(plugins)
                                    .concatMap(plugin -> Flux.fromIterable(left(plugin, wanted)))
                                    .concatMap(this::order);
                        })
                        .then()
                : Mono.empty();
        return volumes.then(holds).then(Mono.fromRunnable(() -> tries.forget(stale)));
    }

    private static Stream<String> wrong(Volume volume, Seen plugin) {
        Stream<String> mounts = volume.allMounts()
                .filter(mount -> MountRules.next(mount, plugin) != MountRules.Next.NOTHING)
                .map(mount -> what(volume, mount));
        return plugin instanceof Seen.Runs runs && lacksHold(volume, runs)
                ? Stream.concat(Stream.of(what(volume)), mounts)
                : mounts;
    }

    private Set<Holder> wanted() {
        return workshop.file().book().all().stream().flatMap(Holds::of).collect(Collectors.toSet());
    }

    private Mono<Void> order(Order order) {
        return Mono.fromRunnable(() -> {
            if (!ordered.contains(order.volume()) && order.unmountsOf().map(this::mayUnmount).orElse(true)) {
                ordered.add(order.volume());
                order.unmountsOf().ifPresent(driver -> unmountings.merge(driver, 1, Integer::sum));
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

    /** Who may not now has its turn in a later look. */
    private boolean mayUnmount(String driver) {
        boolean may = unmountings.getOrDefault(driver, 0) < MOST_UNMOUNTINGS;
        postponed |= !may;
        return may;
    }

    private Optional<String> unmounts(Volume volume, Seen plugin) {
        return volume.allMounts()
                .filter(mount -> isDue(volume, mount, plugin))
                .anyMatch(mount -> MountRules.next(mount, plugin) == MountRules.Next.UNMOUNT)
                        ? Optional.of(volume.driver())
                        : Optional.empty();
    }

    private void over(Order order) {
        ordered.remove(order.volume());
        order.unmountsOf().ifPresent(driver -> unmountings.merge(driver, -1, Keeper::sumOrNone));
    }

    private static @Nullable Integer sumOrNone(Integer one, Integer other) {
        int sum = one + other;
        return sum == 0 ? null : sum;
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
        return tries.isDue(what, start, nowMillis());
    }

    /** Of a clock that nobody sets, which is the one that Reactor reads for less than milliseconds. */
    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(threads.state().now(TimeUnit.NANOSECONDS));
    }

    private static String what(Volume volume) {
        return "volume " + volume.name() + " does not hold its plugin " + volume.driver();
    }

    private static String what(Volume volume, Mount mount) {
        return "volume " + volume.name() + " mount " + mount.id() + " is not as it should be";
    }

    private static List<Order> left(PluginView plugin, Set<Holder> wanted) {
        return plugin.inUseBy()
                .stream()
                .filter(holder -> !wanted.contains(holder))
                .flatMap(holder -> Holds.volume(holder)
                        .map(volume -> new Order(volume,
                                Optional.of(new LeftHold(plugin.plugin().id().hex(), holder)),
                                Optional.empty()))
                        .stream())
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
                .then(Mono.fromRunnable(() -> over(order)));
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
            case MOUNT -> mounting.mount(volume, mount.id(), Lanes.Caller.STAYS).then();
            case UNMOUNT -> unmounting.end(volume, mount);
            case FORGET -> unmounting.forget(volume, mount, Unmounting.why(plugin));
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
                        tries.failed(what, start, nowMillis(), String.valueOf(failure.getMessage()));
                    }
                }).subscribeOn(threads.state()));
    }
}
