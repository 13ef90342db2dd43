package dev.patchbay.event;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * The JSON of events: what the journal keeps and every frame of the stream contains, to the byte. Fields: {@code time},
 * {@code type}, {@code plugin} with {@code id}, {@code name} and {@code types} (each absent if there is none),
 * {@code generation}, {@code actor} with {@code kind} and {@code requestId} (absent if empty), {@code attributes}.
 */
public final class EventJson {
    private static final int USUAL_SIZE = 512;

    private EventJson() {}

    /** An object without its first brace. */
    static byte[] write(PluginEvent event) {
        var out = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = JsonTrees.LENIENT.generator(out)) {
            json.writeStartObject();
            json.writeStringProperty("time", event.time().toString());
            json.writeStringProperty("type", event.type().wireName());
            plugin(json, event);
            json.writeNumberProperty("generation", event.generation());
            json.writeObjectPropertyStart("actor");
            json.writeStringProperty("kind", event.actor().kind().wireName());
            if (!event.actor().requestId().isEmpty()) {
                json.writeStringProperty("requestId", event.actor().requestId());
            }
            json.writeEndObject();
            json.writeObjectPropertyStart("attributes");
            // Sorted: the same event has the same bytes, run after run.
            for (Map.Entry<String, String> attribute : new TreeMap<>(event.attributes()).entrySet()) {
                json.writeStringProperty(attribute.getKey(), attribute.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        byte[] whole = out.toByteArray();
        return Arrays.copyOfRange(whole, 1, whole.length);
    }

    private static void plugin(JsonGenerator json, PluginEvent event) {
        if (event.name().isEmpty() && event.plugin().isEmpty()) {
            return;
        }
        json.writeObjectPropertyStart("plugin");
        if (event.plugin().isPresent()) {
            json.writeStringProperty("id", event.plugin().get().hex());
        }
        json.writeStringProperty("name", event.name());
        if (!event.types().isEmpty()) {
            json.writeArrayPropertyStart("types");
            for (InterfaceType type : event.types()) {
                json.writeString(type.toString());
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws JournalException if it is something else
     */
    static PluginEvent read(Cursor cursor, byte[] json) {
        byte[] whole = new byte[json.length + 1];
        whole[0] = '{';
        System.arraycopy(json, 0, whole, 1, json.length);
        try {
            return event(cursor, JsonTrees.LENIENT.read(whole));
        } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new JournalException("what the journal has at " + cursor + " is not an event: "
                    + e.getMessage(), e);
        }
    }

    /**
     * Reads an event out of an object that has its fields among others.
     *
     * @throws JacksonException or {@link IllegalArgumentException} or {@link java.time.DateTimeException} if a field is
     *     missing or something else
     */
    public static PluginEvent event(Cursor cursor, JsonNode tree) {
        JsonNode plugin = tree.path("plugin");
        String type = text(tree, "type");
        return new PluginEvent(
                cursor,
                Instant.parse(text(tree, "time")),
                EventType.of(type)
                        .orElseThrow(
                                () -> new IllegalArgumentException("there is no event type " + type)),
                plugin.has("id") ? Optional.of(new PluginId(text(plugin, "id"))) : Optional.empty(),
                plugin.has("name") ? text(plugin, "name") : "",
                types(plugin.path("types")),
                tree.required("generation").intValue(),
                actor(tree.required("actor")),
                attributes(tree.required("attributes")));
    }

    private static List<InterfaceType> types(JsonNode list) {
        var types = new ArrayList<InterfaceType>(list.size());
        for (JsonNode type : list) {
            types.add(InterfaceType.parse(type.stringValue()));
        }
        return types;
    }

    private static Actor actor(JsonNode tree) {
        String kind = text(tree, "kind");
        return new Actor(
                Actor.Kind.of(kind)
                        .orElseThrow(
                                () -> new IllegalArgumentException("there is no actor " + kind)),
                tree.has("requestId") ? text(tree, "requestId") : "");
    }

    private static Map<String, String> attributes(JsonNode tree) {
        var attributes = new HashMap<String, String>();
        for (Map.Entry<String, JsonNode> attribute : tree.properties()) {
            attributes.put(attribute.getKey(), attribute.getValue().stringValue());
        }
        return attributes;
    }

    private static String text(JsonNode tree, String name) {
        return tree.required(name).stringValue();
    }
}
