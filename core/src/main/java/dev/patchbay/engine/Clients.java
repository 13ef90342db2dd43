package dev.patchbay.engine;

import dev.patchbay.PluginView;
import dev.patchbay.Status.State;
import dev.patchbay.client.CallWatch;
import dev.patchbay.client.ClientOptions;
import dev.patchbay.client.GenerationClient;
import dev.patchbay.client.PluginClients;
import dev.patchbay.client.PluginEndpoint;
import dev.patchbay.plugin.PluginId;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The clients of plugins that run: one for each start, made when that is first called, ended when it is over. Their threads
 * begin with the first of them.
 *
 * <p>None is forgotten: who makes one puts it here first and looks then whether its start still runs; the state thread shows
 * first that it does not, and looks then whether there is one here.
 */
final class Clients {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    private final ClientOptions options;
    private final CallWatch watch;
    private final Function<PluginId, Optional<PluginView>> shown;
    private final ConcurrentMap<PluginId, Made> made = new ConcurrentHashMap<>();
    private @Nullable PluginClients opened; // guarded by this
    private volatile boolean closed;

    private record Made(int generation, GenerationClient client) {}

    /** Makes them as these options say, for plugins that are shown as this says. */
    Clients(ClientOptions options, Function<PluginId, Optional<PluginView>> shown) {
        this(options, shown, CallWatch.NONE);
    }

    /** The same; somebody hears how calls ended. */
    Clients(ClientOptions options, Function<PluginId, Optional<PluginView>> shown, CallWatch watch) {
        this.watch = watch;
        this.options = options;
        this.shown = shown;
    }

    /** The client of one start; empty if that is over. */
    Optional<GenerationClient> of(PluginId plugin, PluginEndpoint start) {
        Made known = made.get(plugin);
        return known != null && known.generation() == start.generation()
                ? Optional.of(known.client())
                : make(plugin, start);
    }

    private Optional<GenerationClient> make(PluginId plugin, PluginEndpoint start) {
        if (!runs(plugin, start.generation())) {
            return Optional.empty();
        }
        Made one = madeFor(plugin, start);
        if (one == null) {
            return Optional.empty();
        }
        if (!runs(plugin, one.generation())) {
            end(plugin, one);
        }
        return one.generation() == start.generation() ? Optional.of(one.client()) : Optional.empty();
    }

    /** Not inside the map: the state thread must not wait for what is opened here. */
    private synchronized @Nullable Made madeFor(PluginId plugin, PluginEndpoint start) {
        Made old = made.get(plugin);
        if (old != null && old.generation() >= start.generation()) {
            return old;
        }
        Made one = connect(start);
        if (one != null) {
            made.put(plugin, one);
        }
        return one;
    }

    private @Nullable Made connect(PluginEndpoint start) { // holds this
        if (closed) {
            return null;
        }
        if (opened == null) {
            opened = PluginClients.open(options, watch);
        }
        return new Made(start.generation(), opened.connect(start));
    }

    /** A client of a plugin that is not managed, whose end is its maker's business; empty if all is being closed. */
    Optional<GenerationClient> unmanaged(PluginEndpoint start) {
        return Optional.ofNullable(connect(start)).map(Made::client);
    }

    private boolean runs(PluginId plugin, int generation) {
        return !closed && shown.apply(plugin).filter(view -> runs(view, generation)).isPresent();
    }

    private static boolean runs(PluginView view, int generation) {
        return view.status().state() == State.RUNNING && view.status().generation() == generation;
    }

    /** Ends the client of a start that is over. After every change of a plugin, when that is shown. State thread only. */
    void changed(PluginId plugin) {
        Made one = made.get(plugin);
        if (one != null && !runs(plugin, one.generation())) {
            end(plugin, one);
        }
    }

    private void end(PluginId plugin, Made one) {
        made.remove(plugin, one);
        var _ = one.client()
                .end()
                .subscribe(null, e -> LOG.debug("the clients were closed before that of {}", plugin, e));
    }

    /** Ends all clients, and their threads. */
    Mono<Void> close() {
        return Mono.defer(() -> takeAll().map(PluginClients::close).orElseGet(Mono::empty));
    }

    private synchronized Optional<PluginClients> takeAll() {
        closed = true;
        var all = Optional.ofNullable(opened);
        opened = null;
        return all;
    }
}
