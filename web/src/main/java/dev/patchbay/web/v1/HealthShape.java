package dev.patchbay.web.v1;

import dev.patchbay.Health;
import tools.jackson.core.JsonGenerator;

/** {@code Health}: whether the engine works, and why not. */
final class HealthShape implements Shape<Health> {
    @Override
    public void write(JsonGenerator json, Health health) {
        json.writeStartObject();
        json.writeBooleanProperty("live", health.live());
        json.writeBooleanProperty("ready", health.ready());
        Shape.texts(json, "problems", health.problems());
        json.writeEndObject();
    }
}
