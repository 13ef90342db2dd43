package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventType;
import dev.patchbay.web.Json;
import dev.patchbay.web.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads which events a subscriber wants. Values of one key are alternatives, keys narrow each other, as in Docker's
 * filters. Pure; each failure is an {@link InvalidRequestException} that names what is wrong.
 */
final class FilterReader {
    private final List<String> types = new ArrayList<>();
    private final List<String> plugins = new ArrayList<>();
    private final List<String> capabilities = new ArrayList<>();

    private FilterReader() {}

    /**
     * Reads {@code type}, {@code plugin}, {@code capability} (all repeatable) and {@code filters}, which is a JSON object
     * of all three.
     */
    static EventFilter read(Target target) {
        var reader = new FilterReader();
        reader.types.addAll(target.query().getOrDefault("type", List.of()));
        reader.plugins.addAll(target.query().getOrDefault("plugin", List.of()));
        reader.capabilities.addAll(target.query().getOrDefault("capability", List.of()));
        target.query("filters").ifPresent(text -> reader.add(object(text)));
        return reader.filter();
    }

    /** Reads the JSON object alone. */
    static EventFilter read(JsonNode filters) {
        if (!filters.isObject()) {
            throw invalid("filter must be an object such as {\"type\":[\"enable\"]}");
        }
        var reader = new FilterReader();
        reader.add(filters);
        return reader.filter();
    }

    private EventFilter filter() {
        if (types.size() + plugins.size() + capabilities.size() > StreamLimits.MAX_FILTER_VALUES) {
            throw invalid("more than " + StreamLimits.MAX_FILTER_VALUES + " filter values");
        }
        EnumSet<EventType> kinds = EnumSet.noneOf(EventType.class);
        types.forEach(type -> kinds.add(type(type)));
        return EventFilter.of(kinds, plugins, capabilities);
    }

    private void add(JsonNode filters) {
        for (Map.Entry<String, JsonNode> filter : filters.properties()) {
            List<String> into = switch (filter.getKey()) {
                case "type" -> types;
                case "plugin" -> plugins;
                case "capability" -> capabilities;
                default -> throw invalid("unknown filter " + Parameters.shown(filter.getKey())
                        + "; there are type, plugin and capability");
            };
            values(filter.getKey(), filter.getValue(), into);
        }
    }

    private static JsonNode object(String text) {
        try {
            JsonNode read = Json.mapper().readTree(text);
            if (read.isObject()) {
                return read;
            }
        } catch (JacksonException _) {
            // falls through to the sentence below: the parser's words are about positions in what the client sent
        }
        throw invalid("filters must be a JSON object such as {\"type\":[\"enable\"]}");
    }

    private static void values(String key, JsonNode list, List<String> into) {
        if (!list.isArray()) {
            throw invalid("filter " + key + " must be a list of texts");
        }
        for (JsonNode value : list) {
            if (!value.isString()) {
                throw invalid("filter " + key + " must be a list of texts");
            }
            into.add(value.stringValue());
        }
    }

    private static EventType type(String text) {
        return EventType.of(text)
                .orElseThrow(() -> invalid("unknown event type " + Parameters.shown(text) + "; there are "
                        + String.join(", ",
                                Arrays.stream(EventType.values()).map(EventType::wireName).toList())));
    }

    private static InvalidRequestException invalid(String message) {
        return new InvalidRequestException(message, null);
    }
}
