package dev.patchbay.store;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.LimitsJson;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The JSON of {@code limits.json}: a version, and what the native API has. */
final class LimitsFile {
    /** More than the file ever has. */
    static final int MAX_BYTES = LimitsJson.MAX_BYTES + 1024;

    private static final int VERSION = 1;

    private LimitsFile() {}

    static byte[] write(LimitOverrides limits) {
        var tree = JsonTrees.object().put("version", VERSION);
        tree.set("limits", LimitsJson.tree(limits));
        return JsonTrees.LENIENT.write(tree);
    }

    /** @throws StoreException if that is something else, or written by a later version; the sentence says what to do */
    static LimitOverrides read(Path file, byte[] json) {
        try {
            JsonNode tree = JsonTrees.LENIENT.read(json);
            if (tree.path("version").asInt(0) == VERSION) {
                return LimitsJson.overrides(tree.path("limits"));
            }
            throw new StoreException(file + " was written by a later version, or is damaged; " + REMEDY,
                    null);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new StoreException(file + " is damaged: " + e.getMessage() + "; " + REMEDY, e);
        }
    }

    private static final String REMEDY = "mend it, or delete it to run the plugin with the limits that all plugins have";
}
