package dev.patchbay.web.v1;

import dev.patchbay.use.Holder;
import tools.jackson.core.JsonGenerator;

/** {@code Holder}: somebody who uses a plugin. */
final class HolderShape implements Shape<Holder> {
    @Override
    public void write(JsonGenerator json, Holder holder) {
        json.writeStartObject();
        json.writeStringProperty("id", holder.id());
        json.writeStringProperty("label", holder.label());
        json.writeBooleanProperty("durable", holder.durable());
        json.writeEndObject();
    }
}
