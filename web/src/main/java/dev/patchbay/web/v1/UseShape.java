package dev.patchbay.web.v1;

import dev.patchbay.PluginUse;
import tools.jackson.core.JsonGenerator;

/** {@code Use}: how to talk to a plugin that somebody holds. */
final class UseShape implements Shape<PluginUse> {
    @Override
    public void write(JsonGenerator json, PluginUse use) {
        json.writeStartObject();
        use.plugin().ifPresent(id -> json.writeStringProperty("id", id.hex()));
        json.writeStringProperty("name", use.name());
        json.writeStringProperty("capability", use.capability().toString());
        json.writeNumberProperty("generation", use.generation());
        json.writeStringProperty("scheme", use.scheme());
        json.writeStringProperty("address", use.address().toString());
        json.writeEndObject();
    }
}
