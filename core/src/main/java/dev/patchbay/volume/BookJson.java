package dev.patchbay.volume;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.json.JsonTrees;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of {@code volumes.json}. */
final class BookJson {
    /** More than it ever has in practice: ten thousand volumes with some hundred bytes of options each. */
    static final int MAX_BYTES = 32 << 20;

    private static final int VERSION = 1;

    private BookJson() {}

    static byte[] write(Book book) {
        ObjectNode tree = JsonTrees.object().put("version", VERSION);
        var volumes = tree.putArray("volumes");
        book.all().forEach(volume -> write(volume, volumes.addObject()));
        return JsonTrees.LENIENT.write(tree);
    }

    private static void write(Volume volume, ObjectNode tree) {
        tree.put("name", volume.name()).put("driver", volume.driver());
        tree.put("createdAt", volume.createdAt().toString());
        texts(volume.options(), tree.putObject("options"));
        texts(volume.labels(), tree.putObject("labels"));
        var mounts = tree.putArray("mounts");
        volume.allMounts()
                .forEach(mount -> mounts.addObject()
                        .put("id", mount.id())
                        .put("step", mount.step().name())
                        .put("plugin", mount.start().plugin())
                        .put("generation", mount.start().generation())
                        .put("boot", mount.start().boot())
                        .put("mountpoint", mount.mountpoint())
                        .put("path", mount.path()));
    }

    private static void texts(Map<String, String> texts, ObjectNode tree) {
        new TreeMap<>(texts).forEach(tree::put);
    }

    /** What is in a file; empty if it is damaged, or of a later version. */
    static Optional<Book> read(byte[] json) {
        try {
            JsonNode tree = JsonTrees.LENIENT.read(json);
            if (!tree.path("volumes").isArray() || tree.path("version").asInt(0) != VERSION) {
                return Optional.empty();
            }
            Book book = Book.EMPTY;
            for (JsonNode volume : tree.path("volumes")) {
                book = book.with(volume(volume));
            }
            return Optional.of(book);
        } catch (JacksonException | InvalidRequestException | IllegalArgumentException
                | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Volume volume(JsonNode tree) {
        TreePMap<String, Mount> mounts = TreePMap.empty();
        for (JsonNode mount : tree.required("mounts")) {
            var start = new Start(text(mount, "plugin"), mount.required("generation").intValue(),
                    text(mount, "boot"));
            String id = VolumeNames.checkedMount(text(mount, "id"));
            mounts = mounts.plus(id, new Mount(id, Mount.Step.valueOf(text(mount, "step")), start,
                    text(mount, "mountpoint"), text(mount, "path")));
        }
        return new Volume(VolumeNames.checked(text(tree, "name")), text(tree, "driver"),
                VolumeNames.checked("options", texts(tree.required("options"))),
                VolumeNames.checked("labels", texts(tree.required("labels"))),
                Instant.parse(text(tree, "createdAt")), mounts);
    }

    private static String text(JsonNode tree, String field) {
        return tree.required(field).stringValue();
    }

    private static Map<String, String> texts(JsonNode tree) {
        var texts = new TreeMap<String, String>();
        tree.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().stringValue()));
        return texts;
    }
}
