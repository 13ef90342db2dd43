package dev.patchbay.web.v1;

import dev.patchbay.event.Cursor;
import dev.patchbay.event.PluginEvent;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** {@code HelloFrame} and {@code EventFrame}: the event stream's frames. Field {@code frame} tells them apart. */
final class FrameShape implements Shape<Frame> {
    @Override
    public void write(JsonGenerator json, Frame frame) {
        json.writeStartObject();
        switch (frame) {
            case Frame.Hello hello -> hello(json, hello);
            case Frame.Happened(PluginEvent event) -> event(json, event);
        }
        json.writeEndObject();
    }

    private static void hello(JsonGenerator json, Frame.Hello hello) {
        json.writeStringProperty("frame", "hello");
        json.writeStringProperty("version", hello.version());
        json.writeStringProperty("epoch", hello.head().epoch());
        json.writeNumberProperty("head", hello.head().seq());
        json.writeNumberProperty("heartbeatMs", hello.heartbeat().toMillis());
    }

    private static void event(JsonGenerator json, PluginEvent event) {
        Cursor cursor = event.cursor();
        json.writeStringProperty("frame", "event");
        json.writeStringProperty("epoch", cursor.epoch());
        json.writeNumberProperty("seq", cursor.seq());
        json.writeStringProperty("time", event.time().toString());
        json.writeStringProperty("type", event.type().wireName());
        json.writeObjectPropertyStart("plugin");
        json.writeStringProperty("id", event.pluginHex());
        json.writeStringProperty("name", event.name());
        json.writeEndObject();
        json.writeNumberProperty("generation", event.generation());
        json.writeObjectPropertyStart("attributes");
        // Sorted: the same event has the same bytes for everyone, run after run.
        for (Map.Entry<String, String> attribute : new TreeMap<>(event.attributes()).entrySet()) {
            json.writeStringProperty(attribute.getKey(), attribute.getValue());
        }
        json.writeEndObject();
    }
}
