package dev.patchbay.plugin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a JSON object that this version knows nothing about, kept so that reading and writing loses nothing.
 *
 * @param json each key with the JSON text of its value, in the order they were read
 */
public record UnknownKeys(Map<String, String> json) {

    /** No unknown keys, the usual case. */
    public static final UnknownKeys NONE = new UnknownKeys(Map.of());

    /** Copies, keeping the order. */
    public UnknownKeys {
        json = Collections.unmodifiableMap(new LinkedHashMap<>(json));
    }

    /** The keys alone. */
    public Set<String> names() {
        return json.keySet();
    }
}
