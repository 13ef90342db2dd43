package dev.patchbay.web.docker;

import dev.patchbay.plugin.GoJson;
import dev.patchbay.volume.PruneReport;
import dev.patchbay.volume.VolumeList;
import dev.patchbay.volume.VolumeView;
import dev.patchbay.web.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Volumes as Docker shows them. The mount point is the host's, and empty while nobody has it mounted. What Docker has no word
 * for, that a driver cannot be asked, stands in the status.
 */
final class VolumeObjects {
    private static final String WARNING = "Warning";

    private VolumeObjects() {}

    /** One, and a newline. */
    static byte[] line(VolumeView view) {
        return GoJson.PLAIN.writeLine(tree(view));
    }

    static byte[] list(VolumeList list) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        var volumes = tree.putArray("Volumes");
        list.volumes().forEach(view -> volumes.add(tree(view)));
        if (list.warnings().isEmpty()) {
            tree.putNull("Warnings");
        } else {
            var warnings = tree.putArray("Warnings");
            list.warnings().forEach(warnings::add);
        }
        return GoJson.PLAIN.writeLine(tree);
    }

    static byte[] pruned(PruneReport report) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        var removed = tree.putArray("VolumesDeleted");
        report.removed().forEach(removed::add);
        return GoJson.PLAIN.writeLine(tree.put("SpaceReclaimed", 0));
    }

    private static ObjectNode tree(VolumeView view) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        view.createdAt()
                .map(time -> time.truncatedTo(ChronoUnit.SECONDS))
                .map(Instant::toString)
                .ifPresent(time -> tree.put("CreatedAt", time));
        tree.put("Driver", view.driver());
        texts(tree, "Labels", view.labels());
        tree.put("Mountpoint", view.mountpoint().map(Path::toString).orElse("")).put("Name", view.name());
        texts(tree, "Options", view.options());
        tree.put("Scope", view.scope());
        if (!view.status().isEmpty() || view.problem().isPresent()) {
            ObjectNode status = tree.putObject("Status");
            new TreeMap<>(view.status())
                    .forEach((key, json) -> status.set(key, Json.mapper().readTree(json)));
            view.problem().ifPresent(why -> status.put(WARNING, why));
        }
        return tree;
    }

    /** As in Docker {@code null} if there are none. */
    private static void texts(ObjectNode tree, String field, Map<String, String> texts) {
        if (texts.isEmpty()) {
            tree.putNull(field);
        } else {
            ObjectNode object = tree.putObject(field);
            new TreeMap<>(texts).forEach(object::put);
        }
    }
}
