package dev.patchbay.web.docker;

import static dev.patchbay.web.PathPattern.versioned;

import dev.patchbay.Plugins;
import dev.patchbay.registry.Registry;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import dev.patchbay.web.feed.EventHub;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Docker's API on top of a plugin engine.
 *
 * <p>Statuses are Docker's, except where Docker's is a defect: mistakes of the user are 400 and a taken name is 409,
 * whoever asks (D4).
 */
public final class DockerApi {
    private DockerApi() {}

    /**
     * The routes, in the order in which they must be tried. The last one answers {@code OPTIONS} on every path.
     *
     * @param plugins the engine
     * @param volumes those of its volume plugins
     * @param hub its events, the same for all routes of a server
     * @param registry who checks credentials
     * @param config what is said about the engine, limits and clocks
     */
    public static List<Route> routes(Plugins plugins, Volumes volumes, EventHub hub, Registry registry,
            DockerConfig config) {
        var edge = new ApiEdge(config.info().version());
        var handlers = new PluginHandlers(plugins);
        var system = new SystemHandlers(plugins, config.info(), config.clock());
        var events = new EventHandlers(hub, config);
        var remote = new RemoteHandlers(plugins, config.timers());
        return Stream.of(
                pluginRoutes(handlers, remote),
                volumeRoutes(new VolumeHandlers(volumes)),
                systemRoutes(system, events),
                List.of(Route.post(versioned("/auth"), new LoginHandler(registry))),
                EmptyCollections.routes(),
                List.of(options()))
                .flatMap(List::stream)
                .map(route -> route.with(edge.around(route.handler())))
                .toList();
    }

    private static List<Route> pluginRoutes(PluginHandlers plugins, RemoteHandlers remote) {
        return List.of(
                Route.get(versioned("/plugins"), plugins::list).openToRoot(),
                Route.get(versioned("/plugins/{name:.*}/json"), plugins::inspect).openToRoot(),
                Route.get(versioned("/plugins/privileges"), remote::privileges),
                Route.delete(versioned("/plugins/{name:.*}"), plugins::remove).openToRoot(),
                Route.post(versioned("/plugins/{name:.*}/enable"), plugins::enable),
                Route.post(versioned("/plugins/{name:.*}/disable"), plugins::disable).openToRoot(),
                Route.post(versioned("/plugins/pull"), remote::pull),
                Route.post(versioned("/plugins/{name:.*}/push"), remote::push),
                Route.post(versioned("/plugins/{name:.*}/upgrade"), remote::upgrade),
                Route.post(versioned("/plugins/{name:.*}/set"), plugins::set),
                Route.post(versioned("/plugins/create"), plugins::create));
    }

    private static List<Route> volumeRoutes(VolumeHandlers volumes) {
        return List.of(
                Route.get(versioned("/volumes"), volumes::list),
                Route.get(versioned("/volumes/{name:.*}"), volumes::inspect),
                Route.post(versioned("/volumes/create"), volumes::create),
                Route.post(versioned("/volumes/prune"), volumes::prune),
                Route.delete(versioned("/volumes/{name:.*}"), volumes::remove));
    }

    private static List<Route> systemRoutes(SystemHandlers system, EventHandlers events) {
        return List.of(
                // Without it clients do not know which version to speak.
                Route.get(versioned("/_ping"), system::ping).openToRoot(),
                new Route(HttpMethod.HEAD, versioned("/_ping"), system::ping).openToRoot(),
                Route.get(versioned("/version"), system::version),
                Route.get(versioned("/info"), system::info),
                Route.get(versioned("/events"), events::events));
    }

    private static Route options() {
        return new Route(HttpMethod.OPTIONS, versioned("/{any:.*}"), _ -> Mono.just(Reply.empty(200)));
    }
}
