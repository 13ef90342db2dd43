package dev.patchbay.plugin;

import dev.patchbay.reference.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of plugins, Docker's to the byte: configuration blobs, plugin objects and state records.
 *
 * <p>Reading follows Go's decoder: keys in any case, the last of several wins, {@code null} leaves the zero value. Unknown
 * keys are kept and written after the known ones. Thread-safe, works in memory only.
 */
public final class PluginJson {

    /** The largest configuration or record that is read, in bytes. Callers cut the stream one byte after it. */
    public static final int MAX_BYTES = 4 << 20;

    private PluginJson() {}

    /**
     * Reads a configuration, judging types but no rules: for blobs and records that already exist. New ones go through
     * {@link CheckedConfig#parse}.
     *
     * @throws InvalidPluginConfigException if it is no JSON, too large, or a value has the wrong type
     */
    public static PluginConfig config(byte[] json) {
        return read(json, ConfigDecoder::config);
    }

    /** Reads the state record of a plugin. @throws InvalidPluginConfigException if it is not one */
    public static PluginRecord record(byte[] json) {
        return read(json, RecordCodec::decode);
    }

    /** The configuration blob: compact, HTML characters escaped, one newline at the end. */
    public static byte[] blob(PluginConfig config) {
        return GoJson.HTML_ESCAPED.writeLine(ConfigEncoder.config(config));
    }

    /** The state record: one line, HTML characters escaped, no newline at the end. */
    public static byte[] record(PluginRecord plugin) {
        return GoJson.HTML_ESCAPED.write(RecordCodec.encode(plugin));
    }

    /** The plugin object of the API as a fresh tree, for callers that add keys of their own or list several. */
    public static ObjectNode tree(InstalledPlugin plugin) {
        return RecordCodec.plugin(plugin);
    }

    /** The configuration as a fresh tree. */
    public static ObjectNode tree(PluginConfig config) {
        return ConfigEncoder.config(config);
    }

    /** The privileges as the API shows them: a list, or {@code null} if there are none. */
    public static JsonNode tree(List<Privilege> privileges) {
        return privileges.isEmpty()
                ? JsonNodeFactory.instance.nullNode()
                : ConfigEncoder.list(privileges, RecordCodec::privilege);
    }

    private static <T> T read(byte[] json, Function<Fields, T> decoder) {
        if (json.length > MAX_BYTES) {
            throw new InvalidPluginConfigException(
                    "the document has more than " + MAX_BYTES + " bytes, the most that is read");
        }
        var problems = new ArrayList<ConfigProblem>();
        T value = decoder.apply(Fields.of(GoJson.read(json), problems));
        if (!problems.isEmpty()) {
            throw new InvalidPluginConfigException(problems);
        }
        return value;
    }

    /** The record and what is in it beside the configuration. */
    private static final class RecordCodec {

        private static final PluginId PLACEHOLDER_ID = new PluginId("0".repeat(64));

        private static final PluginName PLACEHOLDER_NAME = PluginName.parse("unreadable");

        static PluginRecord decode(Fields f) {
            return new PluginRecord(
                    plugin(f.object("plugin")),
                    f.string("Rootfs"),
                    digest(f, "Config"),
                    f.parsedStrings("Blobsums", Digest::parse),
                    digest(f, "Manifest"),
                    f.string("SwarmServiceID"));
        }

        static ObjectNode encode(PluginRecord plugin) {
            ObjectNode tree = JsonNodeFactory.instance.objectNode();
            tree.set("plugin", plugin(plugin.plugin()));
            tree.put("Rootfs", plugin.rootfs());
            tree.put("Config", plugin.config().map(Digest::toString).orElse(""));
            tree.set("Blobsums", ConfigEncoder.slice(plugin.blobsums(),
                    digest -> JsonNodeFactory.instance.stringNode(digest.toString())));
            tree.put("Manifest", plugin.manifest().map(Digest::toString).orElse(""));
            tree.put("SwarmServiceID", plugin.swarmServiceId());
            return tree;
        }

        static ObjectNode plugin(InstalledPlugin plugin) {
            ObjectNode tree = JsonNodeFactory.instance.objectNode();
            tree.set("Config", ConfigEncoder.config(plugin.config()));
            tree.put("Enabled", plugin.enabled());
            tree.put("Id", plugin.id().hex());
            tree.put("Name", plugin.name().familiar());
            ConfigEncoder.putUnlessEmpty(tree, "PluginReference", plugin.reference());
            tree.set("Settings", ConfigEncoder.settings(plugin.settings()));
            return tree;
        }

        static ObjectNode privilege(Privilege privilege) {
            ObjectNode tree = JsonNodeFactory.instance.objectNode();
            tree.put("Name", privilege.name());
            tree.put("Description", privilege.description());
            tree.set("Value", ConfigEncoder.strings(Slice.of(privilege.value())));
            return tree;
        }

        // A placeholder never leaves this class: its problem is noted, so reading fails once all fields were seen.
        private static InstalledPlugin plugin(Fields f) {
            return new InstalledPlugin(
                    ConfigDecoder.config(f.object("Config")),
                    f.bool("Enabled"),
                    f.parsedString("Id", PluginId::new).orElse(PLACEHOLDER_ID),
                    f.parsedString("Name", PluginName::parse).orElse(PLACEHOLDER_NAME),
                    f.string("PluginReference"),
                    ConfigDecoder.settings(f.object("Settings")));
        }

        private static Optional<Digest> digest(Fields f, String name) {
            return f.optionalString(name)
                    .filter(text -> !text.isEmpty())
                    .flatMap(_ -> f.parsedString(name, Digest::parse));
        }
    }
}
