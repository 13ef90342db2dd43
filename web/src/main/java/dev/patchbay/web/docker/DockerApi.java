package dev.patchbay.web.docker;

import static dev.patchbay.web.PathPattern.versioned;

import dev.patchbay.Plugins;
import dev.patchbay.registry.Registry;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

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
     * @param registry who checks credentials
     * @param info what is said about it
     * @param clock for the window of {@code /events}
     * @param timer for the end of that window, and for how often progress is told
     */
    public static List<Route> routes(Plugins plugins, Registry registry, EngineInfo info, Clock clock,
            Scheduler timer) {
        var edge = new ApiEdge(info.version());
        var handlers = new PluginHandlers(plugins);
        var system = new SystemHandlers(plugins, info, clock);
        var events = new EventHandlers(plugins, clock, timer);
        var remote = new RemoteHandlers(plugins, timer);
        return Stream.of(
                pluginRoutes(handlers, remote),
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
                Route.get(versioned("/plugins"), plugins::list),
                Route.get(versioned("/plugins/{name:.*}/json"), plugins::inspect),
                Route.get(versioned("/plugins/privileges"), remote::privileges),
                Route.delete(versioned("/plugins/{name:.*}"), plugins::remove),
                Route.post(versioned("/plugins/{name:.*}/enable"), plugins::enable),
                Route.post(versioned("/plugins/{name:.*}/disable"), plugins::disable),
                Route.post(versioned("/plugins/pull"), remote::pull),
                Route.post(versioned("/plugins/{name:.*}/push"), remote::push),
                Route.post(versioned("/plugins/{name:.*}/upgrade"), remote::upgrade),
                Route.post(versioned("/plugins/{name:.*}/set"), plugins::set),
                Route.post(versioned("/plugins/create"), plugins::create));
    }

    private static List<Route> systemRoutes(SystemHandlers system, EventHandlers events) {
        return List.of(
                Route.get(versioned("/_ping"), system::ping),
                new Route(HttpMethod.HEAD, versioned("/_ping"), system::ping),
                Route.get(versioned("/version"), system::version),
                Route.get(versioned("/info"), system::info),
                Route.get(versioned("/events"), events::events));
    }

    private static Route options() {
        return new Route(HttpMethod.OPTIONS, versioned("/{any:.*}"), _ -> Mono.just(Reply.empty(200)));
    }
}
