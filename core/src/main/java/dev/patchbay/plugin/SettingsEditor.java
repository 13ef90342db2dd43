package dev.patchbay.plugin;

import java.util.List;

/** Applies assignments. Placeholder until the grammar lands. */
final class SettingsEditor {
    private SettingsEditor() {}

    static Settings apply(Settings settings, PluginConfig config, List<String> assignments) {
        if (assignments.isEmpty() || config.env().isEmpty()) {
            return settings;
        }
        throw new InvalidSettingException("not supported yet");
    }
}
