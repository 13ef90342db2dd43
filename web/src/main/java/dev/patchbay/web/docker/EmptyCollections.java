package dev.patchbay.web.docker;

import static dev.patchbay.web.PathPattern.versioned;

import dev.patchbay.web.Handler;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Reply;
import dev.patchbay.web.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * What clients of Docker ask for and Patchbay has none of: containers, images, networks and the swarm. Lists
 * are empty, single things are not found, whatever filters come with them; making one is refused with a sentence.
 */
final class EmptyCollections {
    static final String NO_SWARM = "This node is not a swarm manager. Use \"docker swarm init\" or"
            + " \"docker swarm join\" to connect this node to swarm and try again.";
    private static final String PLUGINS_ONLY = "Patchbay runs plugins, nothing else: there are no ";

    private EmptyCollections() {}

    static List<Route> routes() {
        return Stream.of(lists(), single(), prunes(), swarm(), refused()).flatMap(List::stream).toList();
    }

    private static List<Route> lists() {
        return List.of(
                Route.get(versioned("/containers/json"), json("[]")),
                Route.get(versioned("/images/json"), json("[]")),
                Route.get(versioned("/images/search"), json("[]")),
                Route.get(versioned("/networks"), json("[]")),
                Route.get(versioned("/system/df"),
                        json("{\"LayersSize\":0,\"Images\":[],\"Containers\":[],\"Volumes\":[],\"BuildCache\":[]}")));
    }

    private static List<Route> single() {
        return List.of(
                Route.get(versioned("/containers/{name:.*}/json"),
                        missing(name -> "No such container: " + name)),
                Route.get(versioned("/images/{name:.*}/json"), missing(name -> "No such image: " + name)),
                Route.delete(versioned("/images/{name:.*}"), missing(name -> "No such image: " + name)),
                Route.get(versioned("/networks/{name:.*}"),
                        missing(name -> "network " + name + " not found")),
                Route.delete(versioned("/networks/{name:.*}"),
                        missing(name -> "network " + name + " not found")),
                Route.get(versioned("/containers/{name:.*}/{what}"),
                        missing(name -> "No such container: " + name)),
                Route.post(versioned("/containers/{name:.*}/{what}"),
                        missing(name -> "No such container: " + name)),
                Route.delete(versioned("/containers/{name:.*}"),
                        missing(name -> "No such container: " + name)));
    }

    private static List<Route> prunes() {
        return List.of(
                Route.post(versioned("/containers/prune"),
                        json("{\"ContainersDeleted\":null,\"SpaceReclaimed\":0}")),
                Route.post(versioned("/images/prune"), json("{\"ImagesDeleted\":null,\"SpaceReclaimed\":0}")),
                Route.post(versioned("/networks/prune"), json("{\"NetworksDeleted\":null}")),
                Route.post(versioned("/build/prune"), json("{\"CachesDeleted\":null,\"SpaceReclaimed\":0}")));
    }

    private static List<Route> swarm() {
        return Stream.of("/swarm", "/services", "/nodes", "/tasks", "/secrets", "/configs")
                .map(path -> Route.get(versioned(path), _ -> Mono.error(new HttpFailure(503, NO_SWARM))))
                .toList();
    }

    /** 501 and not 404: to a missing image some clients answer by pulling it. */
    private static List<Route> refused() {
        return List.of(
                Route.post(versioned("/containers/create"),
                        ApiEdge.notImplemented(PLUGINS_ONLY + "containers")),
                Route.post(versioned("/images/create"), ApiEdge.notImplemented(PLUGINS_ONLY + "images")),
                Route.post(versioned("/images/load"), ApiEdge.notImplemented(PLUGINS_ONLY + "images")),
                Route.post(versioned("/build"), ApiEdge.notImplemented(PLUGINS_ONLY + "images")),
                Route.post(versioned("/networks/create"), ApiEdge.notImplemented(PLUGINS_ONLY + "networks")),
                Route.post(versioned("/swarm/init"), ApiEdge.notImplemented(PLUGINS_ONLY + "swarms")),
                Route.post(versioned("/swarm/join"), ApiEdge.notImplemented(PLUGINS_ONLY + "swarms")));
    }

    private static Handler json(String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            Filters.parse(exchange.query("filters")); // refuses what no client may send; nothing is left to filter
            return Mono.just(Reply.json(200, line));
        };
    }

    private static Handler missing(Function<String, String> sentence) {
        return exchange -> Mono.error(new HttpFailure(404, sentence.apply(exchange.required("name"))));
    }
}
