package dev.patchbay.web.docker;

import dev.patchbay.Force;
import dev.patchbay.volume.VolumeFilter;
import dev.patchbay.volume.VolumeRequest;
import dev.patchbay.volume.Volumes;
import dev.patchbay.web.Exchange;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The routes of volumes. */
final class VolumeHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeHandlers.class);
    private static final String NAME = "name";

    /** Volumes that a pruning leaves of which each has a line in the log. */
    private static final int MOST_TOLD = 16;

    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final int UNAVAILABLE = 503;

    /** The first version in which only volumes are pruned whose names were made up, unless all are asked for. */
    private static final ApiVersion SPARING = new ApiVersion("1.42");

    private final Volumes volumes;

    VolumeHandlers(Volumes volumes) {
        this.volumes = volumes;
    }

    Mono<Reply> list(Exchange exchange) {
        return Mono.defer(() -> volumes.list(filter(exchange, Set.of("dangling", "driver", "label", NAME))))
                .map(list -> Reply.json(200, VolumeObjects.list(list)));
    }

    Mono<Reply> inspect(Exchange exchange) {
        return volumes.inspect(exchange.required(NAME))
                .map(view -> Reply.json(200, VolumeObjects.line(view)));
    }

    Mono<Reply> create(Exchange exchange) {
        return JsonBody.tree(exchange)
                .flatMap(tree -> volumes.create(request(tree)))
                .map(view -> Reply.json(CREATED, VolumeObjects.line(view)));
    }

    Mono<Reply> remove(Exchange exchange) {
        return Parameters.of(exchange)
                .flatMap(parameters -> volumes.remove(exchange.required(NAME),
                        parameters.isSet("force") ? Force.YES : Force.NO))
                .thenReturn(Reply.empty(NO_CONTENT));
    }

    Mono<Reply> prune(Exchange exchange) {
        return Mono.defer(() -> {
            VolumeFilter filter = filter(exchange, Set.of("label", "label!", "all"));
            boolean all = ApiEdge.version(exchange).isBefore(SPARING)
                    || flag(Filters.parse(exchange.query("filters")), "all").orElse(false);
            return volumes.prune(filter, all);
        })
                .doOnNext(report -> tell(report.warnings()))
                .map(report -> Reply.json(200, VolumeObjects.pruned(report)));
    }

    /** As in moby: its answer has no place for volumes that could not be removed, and the others are removed all the same. */
    private static void tell(List<String> warnings) {
        warnings.stream().limit(MOST_TOLD).forEach(why -> LOG.warn("volume prune: {}", why));
        if (warnings.size() > MOST_TOLD) {
            LOG.warn("volume prune: {} more volumes could not be removed", warnings.size() - MOST_TOLD);
        }
    }

    private static VolumeFilter filter(Exchange exchange, Set<String> keys) {
        Filters filters = Filters.parse(exchange.query("filters"));
        for (String key : filters.values().keySet()) {
            if (!keys.contains(key)) {
                throw HttpFailure.badRequest("invalid filter '" + Parameters.shortened(key) + "'");
            }
        }
        return new VolumeFilter(filters.of(NAME), filters.of("driver"), filters.of("label"),
                filters.of("label!"), flag(filters, "dangling"));
    }

    private static Optional<Boolean> flag(Filters filters, String key) {
        List<String> wanted = filters.of(key);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        boolean on = wanted.contains("true") || wanted.contains("1");
        boolean off = wanted.contains("false") || wanted.contains("0");
        if (on == off) {
            throw HttpFailure.badRequest("invalid filter '" + key + "=["
                    + Parameters.shortened(String.join(" ", wanted)) + "]'");
        }
        return Optional.of(on);
    }

    private static VolumeRequest request(JsonNode tree) {
        if (!tree.isObject()) {
            throw JsonBody.mismatch(tree, "Go value of type volume.CreateOptions");
        }
        if (tree.hasNonNull("ClusterVolumeSpec")) {
            throw new HttpFailure(UNAVAILABLE, EmptyCollections.NO_SWARM);
        }
        return new VolumeRequest(text(tree, "Name"), text(tree, "Driver"), texts(tree, "DriverOpts"),
                texts(tree, "Labels"));
    }

    private static String text(JsonNode tree, String field) {
        JsonNode value = tree.path(field);
        return value.isMissingNode() ? "" : JsonBody.text(value, "Go value of type string");
    }

    private static Map<String, String> texts(JsonNode tree, String field) {
        JsonNode value = tree.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw JsonBody.mismatch(value, "Go value of type map[string]string");
        }
        var texts = new LinkedHashMap<String, String>();
        value.properties()
                .forEach(entry -> texts.put(entry.getKey(),
                        JsonBody.text(entry.getValue(), "Go value of type string")));
        return texts;
    }
}
