package dev.patchbay.plugin;

import java.util.List;

/**
 * One thing a plugin asks the user's consent for.
 *
 * @param name the kind, for example {@code mount}
 * @param description what it means, for people; never compared
 * @param value what exactly, for example the paths
 */
public record Privilege(String name, String description, List<String> value) {

    /** Copies. */
    public Privilege {
        value = List.copyOf(value);
    }
}
