package dev.patchbay.web.docker;

import dev.patchbay.plugin.PluginFilter;
import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The {@code filters} parameter: values by key, in either of the two forms that clients send,
 * {@code {"enabled":{"true":true}}} and {@code {"enabled":["true"]}}.
 *
 * @param values the values of each key, in order
 */
record Filters(Map<String, List<String>> values) {
    private static final String ENABLED = "enabled";
    private static final String CAPABILITY = "capability";
    private static final int MAX_VALUES = 1024;

    /** Reads the parameter; absent or empty means no filters. @throws HttpFailure 400 if it has another form */
    static Filters parse(Optional<String> parameter) {
        String text = parameter.orElse("");
        if (text.isEmpty()) {
            return new Filters(Map.of());
        }
        JsonNode tree;
        try {
            tree = Json.mapper().readTree(text);
        } catch (JacksonException _) {
            throw invalid(); // what exactly is wrong with machine-made JSON helps nobody
        }
        if (!tree.isObject()) {
            throw invalid();
        }
        var values = new LinkedHashMap<String, List<String>>();
        tree.properties().forEach(entry -> values.put(entry.getKey(), values(entry.getValue())));
        return new Filters(Map.copyOf(values));
    }

    private static List<String> values(JsonNode node) {
        var values = new ArrayList<String>();
        if (node.isObject()) {
            values.addAll(node.propertyNames());
        } else if (node.isArray()) {
            for (JsonNode value : node) {
                if (!value.isString()) {
                    throw invalid();
                }
                values.add(value.stringValue());
            }
        } else {
            throw invalid();
        }
        if (values.size() > MAX_VALUES) {
            throw invalid();
        }
        return List.copyOf(values);
    }

    private static HttpFailure invalid() {
        return HttpFailure.badRequest("invalid filter");
    }

    /** The values of a key, none if it was not given. */
    List<String> of(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** As a filter of plugins. @throws HttpFailure 400 for a key that plugins do not have, or contradictory values */
    PluginFilter forPlugins() {
        for (String key : values.keySet()) {
            if (!key.equals(ENABLED) && !key.equals(CAPABILITY)) {
                throw HttpFailure.badRequest("invalid filter '" + Parameters.shortened(key) + "'");
            }
        }
        return new PluginFilter(enabled(), of(CAPABILITY));
    }

    private Optional<Boolean> enabled() {
        List<String> wanted = of(ENABLED);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        boolean on = wanted.contains("true") || wanted.contains("1");
        boolean off = wanted.contains("false") || wanted.contains("0");
        if (on == off) {
            throw HttpFailure.badRequest(
                    "invalid filter 'enabled=[" + Parameters.shortened(String.join(" ", wanted)) + "]'");
        }
        return Optional.of(on);
    }
}
