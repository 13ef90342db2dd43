package dev.patchbay.web.v1;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.PATCH;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;

import dev.patchbay.Plugins;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Route;
import dev.patchbay.web.feed.EventHub;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** The native API: the rows that a server needs to offer it. */
public final class NativeApi {
    private static final String ONE = "/plugins/{name:.*}";

    private static final String ONE_VOLUME = "/volumes/{name}";

    private static final List<HttpMethod> METHODS = List.of(GET, POST, PUT, PATCH, DELETE);

    private NativeApi() {}

    /**
     * The rows, in an order that keeps particular paths before general ones; the last ones answer all other paths of the
     * native API with a problem.
     *
     * @param plugins the engine; closing it ends the event streams with code 4009
     * @param volumes those of its volume plugins
     * @param hub its events, the same for all routes of a server
     * @param config limits and clocks
     */
    public static List<Route> routes(Plugins plugins, Volumes volumes, EventHub hub, NativeConfig config) {
        Stream<Route> known = rows(plugins, volumes, hub, config).stream().map(NativeRoute::route);
        return Stream.concat(known, METHODS.stream().map(NativeApi::unknown)).toList();
    }

    private static Route unknown(HttpMethod method) {
        return NativeRoute.any(method, _ -> Mono.error(new HttpFailure(404,
                "there is nothing for " + method + " at this path; see " + NativeRoute.PREFIX
                        + "/openapi.json for what there is")));
    }

    static List<NativeRoute> rows(Plugins plugins, Volumes volumes, EventHub hub, NativeConfig config) {
        var one = new PluginHandlers(plugins);
        var content = new ContentHandlers(plugins);
        var logs = new LogHandler(plugins, config);
        var events = new EventHandler(hub, config);
        var health = new HealthHandlers(plugins, volumes);
        List<NativeRoute> rows = List.of(
                new NativeRoute(GET, "/plugins", Set.of("enabled", "capability"), one::list).openToRoot(),
                new NativeRoute(POST, "/plugins", Set.of("name"), one::create),
                new NativeRoute(POST, "/plugins/import", Set.of("name", "privileges", "grant"),
                        content::importLayout),
                new NativeRoute(POST, "/gc", Set.of("dryRun"), content::collectGarbage),
                new NativeRoute(POST, ONE + "/enable", Set.of("timeout"), one::enable),
                new NativeRoute(POST, ONE + "/disable", Set.of("force"), one::disable).openToRoot(),
                new NativeRoute(POST, ONE + "/settings", Set.of(), one::set),
                new NativeRoute(PUT, ONE + "/limits", Set.of(), one::limit),
                new NativeRoute(POST, ONE + "/rollback", Set.of(), content::rollBack),
                new NativeRoute(GET, ONE + "/export", Set.of(), content::export),
                new NativeRoute(GET, ONE + "/logs", Set.of("follow", "tail", "since"), logs),
                new NativeRoute(PUT, ONE + "/holders/{holder}", Set.of("capability", "label", "durable"),
                        one::acquire),
                new NativeRoute(DELETE, ONE + "/holders/{holder}", Set.of(), one::release),
                new NativeRoute(GET, ONE, Set.of(), one::inspect).openToRoot(),
                new NativeRoute(DELETE, ONE, Set.of("force"), one::remove).openToRoot(),
                new NativeRoute(GET, "/legacy-plugins", Set.of(), one::listLegacy),
                new NativeRoute(GET, "/events", EventHandler.PARAMETERS, events),
                new NativeRoute(GET, "/health", Set.of(), health::ready),
                new NativeRoute(GET, "/health/live", Set.of(), health::live),
                new NativeRoute(GET, "/openapi.json", Set.of(), new DocumentHandler("openapi.json")),
                new NativeRoute(GET, "/asyncapi.json", Set.of(), new DocumentHandler("asyncapi.json")));
        return Stream.concat(rows.stream(), volumeRows(new VolumeHandlers(volumes))).toList();
    }

    private static Stream<NativeRoute> volumeRows(VolumeHandlers volumes) {
        return Stream.of(
                new NativeRoute(GET, "/volumes", Set.of("name", "driver", "label", "unused"), volumes::list),
                new NativeRoute(POST, "/volumes", Set.of(), volumes::create),
                new NativeRoute(POST, "/volumes/prune", Set.of("label", "all"), volumes::prune),
                new NativeRoute(GET, ONE_VOLUME, Set.of(), volumes::inspect),
                new NativeRoute(DELETE, ONE_VOLUME, Set.of("force"), volumes::remove),
                new NativeRoute(POST, ONE_VOLUME + "/mount", Set.of("id"), volumes::mount),
                new NativeRoute(POST, ONE_VOLUME + "/unmount", Set.of("id"), volumes::unmount));
    }
}
