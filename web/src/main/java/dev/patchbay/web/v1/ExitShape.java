package dev.patchbay.web.v1;

import dev.patchbay.executor.ExitStatus;
import tools.jackson.core.JsonGenerator;

/** {@code Exit}: how a plugin's process ended. */
final class ExitShape implements Shape<ExitStatus> {
    @Override
    public void write(JsonGenerator json, ExitStatus exit) {
        json.writeStartObject();
        switch (exit) {
            case ExitStatus.Exited(int code) -> {
                json.writeStringProperty("kind", "exited");
                json.writeNumberProperty("code", code);
            }
            case ExitStatus.Signaled(int number, boolean outOfMemory) -> {
                json.writeStringProperty("kind", "signaled");
                json.writeNumberProperty("signal", number);
                json.writeBooleanProperty("outOfMemory", outOfMemory);
            }
            case ExitStatus.Unknown(String reason) -> {
                json.writeStringProperty("kind", "unknown");
                json.writeStringProperty("reason", reason);
            }
        }
        json.writeEndObject();
    }
}
