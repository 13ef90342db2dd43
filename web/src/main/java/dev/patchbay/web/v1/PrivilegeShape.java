package dev.patchbay.web.v1;

import dev.patchbay.plugin.Privilege;
import tools.jackson.core.JsonGenerator;

/** {@code Privilege}: one thing that a plugin asks consent for. {@link ConsentReader} takes what this writes. */
final class PrivilegeShape implements Shape<Privilege> {
    @Override
    public void write(JsonGenerator json, Privilege privilege) {
        json.writeStartObject();
        json.writeStringProperty("name", privilege.name());
        json.writeStringProperty("description", privilege.description());
        Shape.texts(json, "value", privilege.value());
        json.writeEndObject();
    }
}
