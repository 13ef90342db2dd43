package dev.patchbay.engine;

import static dev.patchbay.engine.Lives.PLUGIN;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patchbay.engine.Delivery.Origin;
import dev.patchbay.plugin.InstalledPlugin;
import dev.patchbay.plugin.PluginConfig;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.plugin.Settings;
import dev.patchbay.plugin.Slice;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;
import dev.patchbay.store.StagedPlugin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Versions of the plugin of {@link Lives}. */
final class Versions {
    static final String FROM = "docker.io/library/sample:v2";

    private Versions() {}

    /** A staged version; each number is another one. */
    static Delivery delivery(int number) {
        String json = """
                {"entrypoint":["/bin/p%d"],"interface":{"socket":"p.sock","types":["docker.volumedriver/1.0"]},\
                "env":[{"name":"DEBUG","settable":["value"],"value":"0"}]}""".formatted(number);
        PluginConfig config = PluginJson.config(json.getBytes(UTF_8));
        var staged = new StagedPlugin(Path.of("/staged/" + number), config, digest("config" + number),
                digest("manifest" + number), List.of(digest("layer" + number)));
        return new Delivery(staged, new Origin.Remote(Reference.parse(FROM)));
    }

    /** All of a version, as it is when its settings are these. */
    static PluginRecord record(Delivery delivery, Settings settings) {
        var name = Lives.unwanted().record().plugin().name();
        var staged = delivery.staged();
        var plugin = new InstalledPlugin(staged.config(), false, PLUGIN, name, FROM, settings);
        return new PluginRecord(plugin, "", Optional.of(staged.configDigest()), Slice.of(staged.layers()),
                Optional.of(staged.manifestDigest()), "");
    }

    static Digest digest(String content) {
        return Digest.sha256(content.getBytes(UTF_8));
    }
}
