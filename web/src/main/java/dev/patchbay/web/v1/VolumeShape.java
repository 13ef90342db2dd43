package dev.patchbay.web.v1;

import dev.patchbay.volume.MountedVolume;
import dev.patchbay.volume.PruneReport;
import dev.patchbay.volume.VolumeList;
import dev.patchbay.volume.VolumeMount;
import dev.patchbay.volume.VolumeView;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** {@code Volume}: a volume with its mounts. */
final class VolumeShape implements Shape<VolumeView> {
    private static final Shape<VolumeMount> MOUNT = (json, mount) -> {
        json.writeStartObject();
        json.writeStringProperty("id", mount.id());
        json.writeStringProperty("state", mount.state().label());
        mount.path().ifPresent(path -> json.writeStringProperty("path", path.toString()));
        json.writeEndObject();
    };

    @Override
    public void write(JsonGenerator json, VolumeView view) {
        json.writeStartObject();
        json.writeStringProperty("name", view.name());
        json.writeStringProperty("driver", view.driver());
        json.writeStringProperty("scope", view.scope());
        texts(json, "options", view.options());
        texts(json, "labels", view.labels());
        view.createdAt().ifPresent(time -> json.writeStringProperty("createdAt", time.toString()));
        json.writeName("status");
        json.writeStartObject();
        new TreeMap<>(view.status()).forEach((key, text) -> {
            json.writeName(key);
            json.writeRawValue(text); // JSON already
        });
        json.writeEndObject();
        MOUNT.list(json, "mounts", view.mounts());
        view.problem().ifPresent(why -> json.writeStringProperty("problem", why));
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String field, Map<String, String> texts) {
        json.writeName(field);
        json.writeStartObject();
        new TreeMap<>(texts).forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    /** {@code VolumeList}: volumes in the order given, and what could not be found out. */
    static final class All implements Shape<VolumeList> {
        private static final VolumeShape VOLUME = new VolumeShape();

        @Override
        public void write(JsonGenerator json, VolumeList list) {
            json.writeStartObject();
            VOLUME.list(json, "volumes", list.volumes());
            Shape.texts(json, "warnings", list.warnings());
            json.writeEndObject();
        }
    }

    /** {@code MountedVolume}: where a volume is mounted for somebody. */
    static final class Mounted implements Shape<MountedVolume> {
        @Override
        public void write(JsonGenerator json, MountedVolume mounted) {
            json.writeStartObject();
            json.writeStringProperty("volume", mounted.volume());
            json.writeStringProperty("driver", mounted.driver());
            json.writeStringProperty("id", mounted.id());
            json.writeStringProperty("path", mounted.path().toString());
            json.writeEndObject();
        }
    }

    /** {@code PruneReport}: which volumes are gone. */
    static final class Pruned implements Shape<PruneReport> {
        @Override
        public void write(JsonGenerator json, PruneReport report) {
            json.writeStartObject();
            Shape.texts(json, "removed", report.removed());
            Shape.texts(json, "warnings", report.warnings());
            json.writeEndObject();
        }
    }
}
