package dev.patchbay.web.daemon;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a source of settings says, not judged yet.
 *
 * @param texts values by setting, in the order given; a switch has {@code true} or {@code false}
 * @param runtimes runtimes by name
 */
record Given(Map<Setting, List<String>> texts, Map<String, OciRuntime> runtimes) {
    static final Given NOTHING = new Given(Map.of(), Map.of());

    /** Copies both maps. */
    Given {
        texts = Map.copyOf(texts);
        runtimes = Map.copyOf(runtimes);
    }

    /** All values of a setting, empty if it was not given. */
    List<String> all(Setting setting) {
        return texts.getOrDefault(setting, List.of());
    }

    /** The value of a setting that has one. */
    Optional<String> one(Setting setting) {
        return all(setting).stream().findFirst();
    }

    boolean isOn(Setting setting) {
        return one(setting).map(Boolean::parseBoolean).orElse(false);
    }

    /**
     * Joins flags with a configuration file. As in dockerd, nothing may be said by both, but runtimes add up.
     *
     * @throws UsageException naming all that both say
     */
    static Given join(Given flags, Given file) {
        List<String> conflicts = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (!flags.all(setting).isEmpty() && !file.all(setting).isEmpty()) {
                conflicts.add(
                        setting.title() + ": (from flag: " + shown(flags.all(setting)) + ", from file: "
                                + shown(file.all(setting)) + ")");
            }
        }
        for (String name : new TreeMap<>(flags.runtimes).keySet()) {
            if (file.runtimes.containsKey(name)) {
                conflicts.add("runtimes: " + name);
            }
        }
        if (!conflicts.isEmpty()) {
            throw UsageException.configuration(
                    "the following directives are specified both as a flag and in the configuration file: "
                            + String.join(", ", conflicts) + "; remove one of each");
        }
        Map<Setting, List<String>> texts = new EnumMap<>(Setting.class);
        texts.putAll(flags.texts);
        texts.putAll(file.texts);
        Map<String, OciRuntime> runtimes = new TreeMap<>(flags.runtimes);
        runtimes.putAll(file.runtimes);
        return new Given(texts, runtimes);
    }

    private static String shown(List<String> values) {
        return values.size() == 1
                ? values.getFirst()
                : values.stream().collect(Collectors.joining(", ", "[", "]"));
    }
}
