package dev.patchbay.web.v1;

import dev.patchbay.LegacyPlugin;
import dev.patchbay.LegacyPlugin.State;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** {@code LegacyPlugin}: a plugin that nobody manages. */
final class LegacyShape implements Shape<LegacyPlugin> {
    private static final HolderShape HOLDER = new HolderShape();

    @Override
    public void write(JsonGenerator json, LegacyPlugin plugin) {
        json.writeStartObject();
        json.writeStringProperty("name", plugin.name());
        json.writeStringProperty("file", plugin.file().toString());
        plugin.address().ifPresent(address -> json.writeStringProperty("address", address.toString()));
        json.writeStringProperty("state", word(plugin.state()));
        Shape.texts(json, "implements", subsystems(plugin.state()));
        plugin.lastError().ifPresent(error -> json.writeStringProperty("lastError", error));
        HOLDER.list(json, "inUseBy", plugin.inUseBy().stream().toList());
        json.writeEndObject();
    }

    private static String word(State state) {
        return switch (state) {
            case State.Activating _ -> "activating";
            case State.Active _ -> "active";
            case State.Failing _ -> "failing";
            case State.Unusable _ -> "unusable";
        };
    }

    private static List<String> subsystems(State state) {
        return switch (state) {
            case State.Active(Set<String> subsystems) -> subsystems.stream().sorted().toList();
            case State.Activating _,State.Failing _,State.Unusable _ -> List.of();
        };
    }

    /** {@code LegacyPluginList}: in the order given. */
    static final class All implements Shape<List<LegacyPlugin>> {
        private static final LegacyShape PLUGIN = new LegacyShape();

        @Override
        public void write(JsonGenerator json, List<LegacyPlugin> plugins) {
            json.writeStartObject();
            PLUGIN.list(json, "legacyPlugins", plugins);
            json.writeEndObject();
        }
    }
}
