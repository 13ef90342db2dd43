package dev.patchbay.web.v1;

import dev.patchbay.executor.LogLine;
import tools.jackson.core.JsonGenerator;

/** {@code LogLine}: one line that a plugin wrote. */
final class LogLineShape implements Shape<LogLine> {
    @Override
    public void write(JsonGenerator json, LogLine line) {
        json.writeStartObject();
        json.writeStringProperty("time", line.time().toString());
        json.writeStringProperty("stream", switch (line.stream()) {
            case STDOUT -> "stdout";
            case STDERR -> "stderr";
        });
        json.writeStringProperty("text", line.text());
        json.writeEndObject();
    }
}
