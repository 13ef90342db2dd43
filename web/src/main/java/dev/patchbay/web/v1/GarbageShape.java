package dev.patchbay.web.v1;

import dev.patchbay.store.GarbageReport;
import tools.jackson.core.JsonGenerator;

/** {@code GarbageReport}: what a collection of garbage found and did. */
final class GarbageShape implements Shape<GarbageReport> {
    @Override
    public void write(JsonGenerator json, GarbageReport report) {
        json.writeStartObject();
        json.writeBooleanProperty("dryRun", report.dryRun());
        json.writeNumberProperty("blobs", report.blobs());
        json.writeNumberProperty("unreferenced", report.unreferenced());
        json.writeNumberProperty("deleted", report.deleted());
        json.writeNumberProperty("bytes", report.bytes());
        json.writeNumberProperty("unfinished", report.unfinished());
        Shape.texts(json, "problems", report.problems());
        json.writeEndObject();
    }
}
