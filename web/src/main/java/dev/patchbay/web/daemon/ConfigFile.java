package dev.patchbay.web.daemon;

import dev.patchbay.plugin.JsonFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The configuration file: one JSON object with the settings' keys. */
final class ConfigFile {
    /** No sensible file is larger; a mistaken path may be. */
    static final int MAX_BYTES = 1 << 20;

    private final Path path;

    private ConfigFile(Path path) {
        this.path = path;
    }

    /**
     * Reads a file that was asked for.
     *
     * @throws UsageException if it is missing, unreadable or wrong
     */
    static Given read(Path path) {
        return new ConfigFile(path).read()
                .orElseThrow(
                        () -> UsageException.configuration(
                                "the configuration file " + path + " does not exist; create it or leave out "
                                        + Setting.CONFIG_FILE.flag()));
    }

    /** Reads a file that may be missing. */
    static Given readIfPresent(Path path) {
        return new ConfigFile(path).read().orElse(Given.NOTHING);
    }

    private Optional<Given> read() {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw wrong("is larger than " + MAX_BYTES + " bytes");
            }
            return Optional.of(given(json().readTree(Files.readAllBytes(path))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw wrong("cannot be read: " + e.getMessage());
        } catch (JacksonException e) {
            throw wrong("is not valid JSON: " + JsonFault.reason(e) + place(e));
        }
    }

    // Not for a file that is missing, as with most daemons: it would be a good part of their start.
    private static JsonMapper json() {
        return JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
    }

    private Given given(JsonNode root) {
        if (root.isMissingNode()) {
            return Given.NOTHING; // dockerd takes an empty file for an empty object, too
        }
        if (!root.isObject()) {
            throw wrong("must hold one JSON object");
        }
        Map<Setting, List<String>> texts = new EnumMap<>(Setting.class);
        Map<String, OciRuntime> runtimes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            Setting setting = setting(entry.getKey());
            switch (setting.shape()) {
                case ONE -> texts.put(setting, List.of(scalar(setting, entry.getValue())));
                case SWITCH -> texts.put(setting, List.of(onOrOff(setting, entry.getValue())));
                case MANY -> texts.put(setting, strings(setting.title(), entry.getValue()));
                case RUNTIMES -> runtimes.putAll(runtimes(entry.getValue()));
            }
        }
        return new Given(texts, runtimes);
    }

    private Setting setting(String key) {
        List<String> keys = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (setting.fileKey().filter(key::equals).isPresent()) {
                return setting;
            }
            setting.fileKey().ifPresent(keys::add);
        }
        throw wrong(
                "has the key \"" + key + "\", which is no setting"
                        + NearestName.to(key, keys)
                                .map(name -> "; did you mean \"" + name + "\"?")
                                .orElse(""));
    }

    private String scalar(Setting setting, JsonNode value) {
        if (value.isString() || value.isIntegralNumber()) {
            return value.asString();
        }
        throw wrong("must have a string or a whole number for \"" + setting.title() + "\"");
    }

    private String onOrOff(Setting setting, JsonNode value) {
        if (value.isBoolean()) {
            return value.asString();
        }
        throw wrong("must have true or false for \"" + setting.title() + "\"");
    }

    private List<String> strings(String title, JsonNode value) {
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
            throw wrong("must have a list of strings for \"" + title + "\"");
        }
        return value.valueStream().map(JsonNode::asString).toList();
    }

    private Map<String, OciRuntime> runtimes(JsonNode value) {
        if (!value.isObject()) {
            throw wrong("must have an object for \"runtimes\"");
        }
        Map<String, OciRuntime> runtimes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            runtimes.put(OciRuntime.checkedName(entry.getKey()), runtime(entry.getKey(), entry.getValue()));
        }
        return runtimes;
    }

    private OciRuntime runtime(String name, JsonNode value) {
        String title = "runtimes." + name;
        if (!value.isObject() || !value.path("path").isString()) {
            throw wrong("must have an object with a \"path\" for \"" + title + "\"");
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (!entry.getKey().equals("path") && !entry.getKey().equals("runtimeArgs")) {
                throw wrong(
                        "has the key \"" + title + "." + entry.getKey()
                                + "\"; a runtime has only \"path\" and \"runtimeArgs\"");
            }
        }
        JsonNode arguments = value.path("runtimeArgs");
        return new OciRuntime(
                value.path("path").asString(),
                arguments.isMissingNode() ? List.of() : strings(title + ".runtimeArgs", arguments));
    }

    private UsageException wrong(String problem) {
        return UsageException.configuration("the configuration file " + path + " " + problem);
    }
}
