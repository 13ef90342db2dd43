package dev.patchbay.web.v1;

import dev.patchbay.PluginView;
import dev.patchbay.limits.LimitOverrides;
import dev.patchbay.limits.LimitsJson;
import dev.patchbay.plugin.InstalledPlugin;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * {@code Plugin}: an installed plugin with its status.
 *
 * @param whole whether a seccomp profile of the operator's is shown; among many plugins it is called {@code "custom"}
 */
record PluginShape(boolean whole) implements Shape<PluginView> {
    private static final ConfigShape CONFIG = new ConfigShape();
    private static final SettingsShape SETTINGS = new SettingsShape();
    private static final HolderShape HOLDER = new HolderShape();
    private static final StatusShape STATUS = new StatusShape();

    @Override
    public void write(JsonGenerator json, PluginView view) {
        InstalledPlugin plugin = view.plugin();
        json.writeStartObject();
        json.writeStringProperty("id", plugin.id().hex());
        json.writeStringProperty("name", plugin.name().familiar());
        json.writeStringProperty("reference", plugin.reference());
        view.previousReference()
                .ifPresent(reference -> json.writeStringProperty("previousReference", reference));
        json.writeBooleanProperty("enabled", plugin.enabled());
        json.writeName("status");
        STATUS.write(json, view.status());
        HOLDER.list(json, "inUseBy", view.inUseBy().stream().toList());
        json.writeName("limits");
        json.writeRawValue(LimitsJson.tree(view.limits()).toString());
        if (!view.limitOverrides().equals(LimitOverrides.NONE)) {
            json.writeName("limitOverrides");
            json.writeRawValue((whole
                    ? LimitsJson.tree(view.limitOverrides())
                    : LimitsJson.summary(view.limitOverrides())).toString());
        }
        json.writeName("settings");
        SETTINGS.write(json, plugin.settings());
        json.writeName("config");
        CONFIG.write(json, plugin.config());
        json.writeEndObject();
    }

    /** {@code PluginList}: plugins in the order given. */
    static final class All implements Shape<List<PluginView>> {
        private static final PluginShape PLUGIN = new PluginShape(false);

        @Override
        public void write(JsonGenerator json, List<PluginView> views) {
            json.writeStartObject();
            PLUGIN.list(json, "plugins", views);
            json.writeEndObject();
        }
    }
}
