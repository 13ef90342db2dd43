package dev.patchbay.engine;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.Provider;
import dev.patchbay.client.PluginEndpoint;
import dev.patchbay.event.Subscription;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InvalidContentException;
import dev.patchbay.store.StoreException;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looking plugins up by what they can do, and holding them. */
final class Uses {
    private final Works works;
    private final AtomicLong number = new AtomicLong();
    private final LookedUp lookedUp = new LookedUp();
    private volatile Found found = new Found(Snapshot.EMPTY, InterfaceType.docker("nothing"), List.of());

    /** What was found last: every request that must be authorized asks for the same, and plugins change seldom. */
    private record Found(Snapshot in, InterfaceType asked, List<PluginView> plugins) {}

    Uses(Works works) {
        this.works = works;
    }

    Flux<Provider> byCapability(String capability) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Flux.defer(() -> Flux.fromIterable(providers(works.snapshot(), asked)));
    }

    /** Those that are managed, then those legacy ones that a look-up by name would find. */
    private List<Provider> providers(Snapshot now, InterfaceType asked) {
        List<PluginView> managed = serving(now, asked);
        List<LegacyPlugin> others = legacy(now, asked);
        return others.isEmpty()
                ? List.copyOf(managed)
                : Stream.<Provider>concat(managed.stream(), others.stream()).toList();
    }

    private List<LegacyPlugin> legacy(Snapshot now, InterfaceType asked) {
        List<LegacyPlugin> all = works.legacy().providing(asked);
        return all.isEmpty() ? all : all.stream().filter(plugin -> !now.names(plugin.name())).toList();
    }

    @SuppressWarnings("ReferenceEquality") // the same snapshot, or it is looked into
    private List<PluginView> serving(Snapshot now, InterfaceType asked) {
        Found last = found;
        if (last.in() != now || !last.asked().equals(asked)) {
            last = new Found(now, asked, now.serving(asked));
            found = last;
        }
        return last.plugins();
    }

    Flux<PluginPresence> arrivals(String capability) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Flux.defer(() -> {
            var arrivals = new Arrivals(asked);
            Flux<Boolean> events = works.recorder()
                    .view(Subscription.NOW)
                    .filter(Arrivals::mayChange)
                    .map(_ -> true);
            return Flux.merge(events, works.legacy().changes())
                    .onBackpressureLatest()
                    .concatMapIterable(_ -> {
                        Snapshot now = works.snapshot();
                        return arrivals.compare(now, legacy(now, asked));
                    }, 1);
        });
    }

    Mono<PluginUse> lookUp(String nameOrId, String capability) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Mono.defer(() -> {
            Snapshot now = works.snapshot();
            PluginUse known = lookedUp.find(now, nameOrId, asked);
            return known != null ? Mono.just(known) : lookUp(now, nameOrId, asked);
        });
    }

    private Mono<PluginUse> lookUp(Snapshot now, String nameOrId, InterfaceType asked) {
        return now.known(nameOrId)
                .map(view -> Mono.fromSupplier(() -> {
                    PluginUse use = lookedUp(view, asked);
                    lookedUp.keep(now, nameOrId, asked, use);
                    return use;
                }))
                .orElseGet(() -> works.untilClosing(works.legacy().lookUp(nameOrId, asked)));
    }

    private PluginUse lookedUp(PluginView view, InterfaceType asked) {
        UseRules.obstacle(view, asked).ifPresent(why -> {
            throw Refusals.exception(why);
        });
        return seen(view, asked);
    }

    Mono<PluginUse> acquire(String nameOrId, String capability, Holder holder) {
        refuseOwn(holder.id());
        InterfaceType asked = InterfaceType.asked(capability);
        return Mono.defer(() -> works.snapshot()
                .known(nameOrId)
                .map(view -> hold(view.plugin().id(), asked, holder))
                .orElseGet(() -> works.untilClosing(works.legacy().acquire(nameOrId, asked, holder))));
    }

    Mono<Void> release(String nameOrId, String holder) {
        refuseOwn(holder);
        return Mono.defer(() -> works.snapshot()
                .known(nameOrId)
                .map(view -> works.submit(new Command.Release(view.plugin().id(), holder))
                        // It may have been a legacy plugin that had this name when it was acquired.
                        .doFirst(() -> works.legacy().letGo(nameOrId, holder)))
                .orElseGet(() -> Mono.fromRunnable(() -> works.legacy().release(nameOrId, holder))));
    }

    private static void refuseOwn(String id) {
        if (id.startsWith(Holder.OF_USES)) {
            throw new IllegalArgumentException("ids that begin with \"" + Holder.OF_USES
                    + "\" belong to the engine: \"" + id + "\"");
        }
    }

    <T> Flux<T> use(String nameOrId, String capability, String label,
            Function<? super PluginUse, ? extends Publisher<? extends T>> work) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Flux.defer(() -> {
            var holder = Holder.passing(Holder.OF_USES + number.incrementAndGet(), label);
            Function<PluginUse, Flux<T>> whole = use -> works.untilClosed(Flux.from(work.apply(use)));
            return works.snapshot()
                    .known(nameOrId)
                    .map(view -> use(new Claim(works, view.plugin().id(), holder), asked, whole))
                    .orElseGet(() -> useLegacy(nameOrId, asked, holder, whole));
        });
    }

    private <T> Flux<T> use(Claim claim, InterfaceType asked, Function<PluginUse, Flux<T>> work) {
        // The claim is there before it is asked for: however this ends, and whenever, it is given back.
        return Flux.usingWhen(Mono.just(claim),
                it -> it.ask(asked).then(granted(it.plugin(), asked, it.holder())).flatMapMany(work),
                Claim::giveBack,
                (it, _) -> it.giveBack(),
                Claim::giveBack);
    }

    private <T> Flux<T> useLegacy(String name, InterfaceType asked, Holder holder,
            Function<PluginUse, Flux<T>> work) {
        Function<Holder, Mono<Void>> letGo = it -> Mono
                .fromRunnable(() -> works.legacy().letGo(name, it.id()));
        return Flux.usingWhen(Mono.just(holder),
                it -> works.untilClosing(works.legacy().acquire(name, asked, it))
                        .publishOn(works.threads().replies())
                        .flatMapMany(work),
                letGo,
                (it, _) -> letGo.apply(it),
                letGo);
    }

    Mono<Path> onHost(String nameOrId, String inside) {
        return works.replied(Mono.defer(() -> works.snapshot()
                .known(nameOrId)
                .map(view -> works.store().onHost(view.plugin(), inside))
                .orElseGet(() -> Mono.fromSupplier(() -> works.legacy().onHost(nameOrId, inside)))))
                .onErrorMap(InvalidContentException.class, PluginEngine::invalid)
                .onErrorMap(StoreException.class,
                        e -> new PluginStorageException(String.valueOf(e.getMessage()), e));
    }

    private Mono<PluginUse> hold(PluginId plugin, InterfaceType asked, Holder holder) {
        return works.submit(new Command.Acquire(plugin, asked, holder)).then(granted(plugin, asked, holder));
    }

    /** As it is by now: somebody may have cut it off again. */
    private Mono<PluginUse> granted(PluginId plugin, InterfaceType asked, Holder holder) {
        return Mono.fromSupplier(() -> {
            Optional<PluginView> found = works.snapshot().find(plugin);
            PluginView view = found.filter(it -> it.inUseBy().find(holder.id()).isPresent())
                    .orElseThrow(() -> cutOff(plugin, found));
            return seen(view, asked);
        });
    }

    private static PluginUnavailableException cutOff(PluginId plugin, Optional<PluginView> found) {
        String name = found.map(view -> view.plugin().name().familiar()).orElseGet(plugin::shortHex);
        return new PluginUnavailableException(plugin.hex(),
                "plugin " + name + " was switched off by force in the very moment that it was to be used");
    }

    /** A plugin that runs, for whoever asked for it so. */
    private PluginUse seen(PluginView view, InterfaceType asked) {
        PluginId id = view.plugin().id();
        var config = view.plugin().config();
        String name = view.plugin().name().familiar();
        int generation = view.status().generation();
        Path socket = works.config().execRoot().resolve(id.hex()).resolve(config.api().socket());
        var start = new PluginEndpoint(name, generation, new PluginAddress.Unix(socket.toAbsolutePath()),
                config.api().protocolScheme());
        return new PluginUse(Optional.of(id), name, config.serving(asked).orElse(asked), generation,
                new StartClient(works.clients(), id, start));
    }
}
