package dev.patchbay.web.v1;

import dev.patchbay.Status;
import tools.jackson.core.JsonGenerator;

/** {@code Status}: how a plugin is at this moment. */
final class StatusShape implements Shape<Status> {
    private static final ExitShape EXIT = new ExitShape();

    @Override
    public void write(JsonGenerator json, Status status) {
        json.writeStartObject();
        json.writeStringProperty("state", status.state().label());
        json.writeStringProperty("since", status.since().toString());
        json.writeNumberProperty("generation", status.generation());
        json.writeNumberProperty("restarts", status.restarts());
        status.lastExit().ifPresent(exit -> {
            json.writeName("lastExit");
            EXIT.write(json, exit);
        });
        Shape.texts(json, "lastErrorLines", status.lastErrorLines());
        status.reason().ifPresent(reason -> json.writeStringProperty("reason", reason));
        status.nextTry().ifPresent(at -> json.writeStringProperty("nextTry", at.toString()));
        json.writeEndObject();
    }
}
