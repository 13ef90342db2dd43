package dev.patchbay.web.v1;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.event.EventType;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.web.Json;
import dev.patchbay.web.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Which events a subscriber wants. Values of one key are alternatives, keys narrow each other, as in Docker's filters.
 *
 * @param types only these kinds; empty means all
 * @param plugins only these plugins, each by name in any form, or by at least twelve digits
 *     of its id; empty means all
 */
record EventSelection(Set<EventType> types, List<Wanted> plugins) {
    private static final int MAX_VALUES = 1000;

    /** Copies both. */
    EventSelection {
        types = Set.copyOf(types);
        plugins = List.copyOf(plugins);
    }

    /**
     * One plugin, as the subscriber called it.
     *
     * @param name the stored form of the name, or the text itself if it is none
     * @param idPrefix the text
     */
    record Wanted(String name, String idPrefix) {
        static Wanted of(String text) {
            return new Wanted(PluginName.find(text).map(PluginName::familiar).orElse(text), text);
        }

        boolean is(PluginEvent event) {
            // A shorter prefix is more likely the name of another plugin: "cafe" is hexadecimal, too.
            boolean isId = idPrefix.length() >= PluginId.SHORT_LENGTH
                    && event.pluginHex().startsWith(idPrefix);
            return isId || event.name().equals(name);
        }
    }

    /**
     * Reads {@code type}, {@code plugin} (both repeatable) and {@code filters}, which is a JSON object of both.
     *
     * @throws InvalidRequestException that names what is wrong
     */
    static EventSelection parse(Target target) {
        var types = new ArrayList<>(target.query().getOrDefault("type", List.of()));
        var plugins = new ArrayList<>(target.query().getOrDefault("plugin", List.of()));
        target.query("filters").ifPresent(text -> filters(text, types, plugins));
        if (types.size() + plugins.size() > MAX_VALUES) {
            throw invalid("more than " + MAX_VALUES + " filter values");
        }
        EnumSet<EventType> kinds = EnumSet.noneOf(EventType.class);
        types.forEach(type -> kinds.add(type(type)));
        return new EventSelection(kinds, plugins.stream().map(Wanted::of).toList());
    }

    /** Whether the subscriber wants this event. */
    boolean test(PluginEvent event) {
        return (types.isEmpty() || types.contains(event.type()))
                && (plugins.isEmpty() || plugins.stream().anyMatch(wanted -> wanted.is(event)));
    }

    private static void filters(String text, List<String> types, List<String> plugins) {
        for (Map.Entry<String, JsonNode> filter : object(text).properties()) {
            List<String> into = switch (filter.getKey()) {
                case "type" -> types;
                case "plugin" -> plugins;
                default -> throw invalid("unknown filter " + Parameters.shown(filter.getKey())
                        + "; there are type and plugin");
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
        return Arrays.stream(EventType.values())
                .filter(type -> type.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> invalid("unknown event type " + Parameters.shown(text) + "; there are "
                        + String.join(", ",
                                Arrays.stream(EventType.values()).map(EventType::wireName).toList())));
    }

    private static InvalidRequestException invalid(String message) {
        return new InvalidRequestException(message, null);
    }
}
