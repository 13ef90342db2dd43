package dev.patchbay.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginName;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import java.time.Instant;
import java.util.Optional;

/** Lives of plugins to begin tests with. */
final class Lives {
    static final PluginId PLUGIN = id("ab");
    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    static final int GENERATION = 4;

    private Lives() {}

    /** A plugin that is not wanted and has been started {@link #GENERATION} times. */
    static Life unwanted() {
        return of(record(PLUGIN, "sample", "docker.volumedriver/1.0"));
    }

    /** The same plugin, enabled. */
    static Life wanted() {
        return unwanted().wanted(true);
    }

    static Life of(PluginRecord record) {
        return Life.found(record, Optional.empty(), GENERATION, NOW);
    }

    static PluginRecord record(PluginId id, String name, String type) {
        PluginConfig config = config(type);
        var parsed = PluginName.parse(name);
        var plugin = new InstalledPlugin(config, false, id, parsed, parsed.familiar(),
                Settings.initial(config));
        return new PluginRecord(plugin, "", Optional.empty(), Slice.none(), Optional.empty(), "");
    }

    /** An id that begins with the given digits and goes on with zeros. */
    static PluginId id(String digits) {
        return new PluginId(digits + "0".repeat(64 - digits.length()));
    }

    private static PluginConfig config(String type) {
        String json = """
                {"entrypoint":["/bin/p"],"interface":{"socket":"p.sock","types":["%s"]},\
                "env":[{"name":"DEBUG","settable":["value"],"value":"0"}]}""".formatted(type);
        return PluginJson.config(json.getBytes(UTF_8));
    }
}
