package dev.patchbay.engine;

import dev.patchbay.EngineBusyException;
import dev.patchbay.PluginAddress;
import dev.patchbay.PluginPresence;
import dev.patchbay.PluginStorageException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.client.PluginEndpoint;
import dev.patchbay.event.Subscription;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.store.InvalidContentException;
import dev.patchbay.store.StoreException;
import dev.patchbay.use.Holder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looking plugins up by what they can do, and holding them. */
final class Uses {
    private final Works works;
    private final AtomicLong number = new AtomicLong();

    Uses(Works works) {
        this.works = works;
    }

    Flux<PluginView> byCapability(String capability) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Flux.defer(() -> Flux.fromIterable(works.snapshot().serving(asked)));
    }

    Flux<PluginPresence> arrivals(String capability) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Flux.defer(() -> {
            var arrivals = new Arrivals(asked);
            return works.recorder()
                    .view(Subscription.NOW)
                    .onBackpressureLatest()
                    .concatMapIterable(_ -> arrivals.compare(works.snapshot()), 1);
        });
    }

    Mono<PluginUse> lookUp(String nameOrId, String capability) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Mono.fromSupplier(() -> {
            PluginView view = works.snapshot().named(nameOrId);
            UseRules.obstacle(view, asked).ifPresent(why -> {
                throw Refusals.exception(why);
            });
            return seen(view, asked);
        });
    }

    Mono<PluginUse> acquire(String nameOrId, String capability, Holder holder) {
        if (holder.id().startsWith(Holder.OF_USES)) {
            throw new IllegalArgumentException("ids that begin with \"" + Holder.OF_USES
                    + "\" belong to the engine: \"" + holder.id() + "\"");
        }
        InterfaceType asked = InterfaceType.asked(capability);
        return Mono.defer(() -> hold(works.snapshot().named(nameOrId).plugin().id(), asked, holder));
    }

    Mono<Void> release(String nameOrId, String holder) {
        return Mono.defer(() -> works
                .submit(new Command.Release(works.snapshot().named(nameOrId).plugin().id(), holder)));
    }

    <T> Flux<T> use(String nameOrId, String capability, String label,
            Function<? super PluginUse, ? extends Publisher<? extends T>> work) {
        InterfaceType asked = InterfaceType.asked(capability);
        return Flux.defer(() -> {
            var claim = new Claim(works.snapshot().named(nameOrId).plugin().id(),
                    Holder.passing(Holder.OF_USES + number.incrementAndGet(), label));
            // The claim is there before it is asked for: however this ends, and whenever, it is given back.
            return Flux.usingWhen(Mono.just(claim),
                    it -> hold(it.plugin, asked, it.holder)
                            .onErrorMap(it::failed)
                            .flatMapMany(use -> works.untilClosed(Flux.from(work.apply(use)))),
                    it -> it.giveBack(works),
                    (it, _) -> it.giveBack(works),
                    it -> it.giveBack(works));
        });
    }

    Mono<Path> onHost(String nameOrId, String inside) {
        return Mono.defer(() -> works.store().onHost(works.snapshot().named(nameOrId).plugin(), inside))
                .onErrorMap(InvalidContentException.class, PluginEngine::invalid)
                .onErrorMap(StoreException.class,
                        e -> new PluginStorageException(String.valueOf(e.getMessage()), e));
    }

    private Mono<PluginUse> hold(PluginId plugin, InterfaceType asked, Holder holder) {
        return works.submit(new Command.Acquire(plugin, asked, holder))
                .then(Mono.fromSupplier(() -> granted(plugin, asked, holder)));
    }

    /** As it is by now: somebody may have cut it off again. */
    private PluginUse granted(PluginId plugin, InterfaceType asked, Holder holder) {
        PluginView view = works.snapshot()
                .find(plugin)
                .filter(it -> it.inUseBy().find(holder.id()).isPresent())
                .orElseThrow(() -> new PluginUnavailableException(plugin.hex(), "plugin " + plugin.shortHex()
                        + " was switched off by force in the very moment that it was to be used"));
        return seen(view, asked);
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

    /** One use, from before it is asked for to its end. */
    private static final class Claim {
        private final PluginId plugin;
        private final Holder holder;
        private volatile boolean letIn = true;

        Claim(PluginId plugin, Holder holder) {
            this.plugin = plugin;
            this.holder = holder;
        }

        /** What the engine was too busy to hear of need not be taken back; it would only be busier. */
        Throwable failed(Throwable why) {
            letIn = !(why instanceof EngineBusyException);
            return why;
        }

        Mono<Void> giveBack(Works works) {
            return Mono.fromRunnable(() -> {
                if (letIn) {
                    works.follow(new Command.LetGo(plugin, holder.id()));
                }
            });
        }
    }
}
