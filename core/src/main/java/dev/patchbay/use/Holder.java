package dev.patchbay.use;

import dev.patchbay.text.Quoted;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * Somebody who uses a plugin. As long as there is one, the plugin is not switched off, exchanged or removed without force.
 *
 * @param id what it is released by; one that nobody else has. Asking again with the same id counts once
 * @param label what people are told who is in their way, for example {@code volume db}
 * @param durable whether it holds the plugin over restarts of the engine, until it is released or cut off
 */
public record Holder(String id, String label, boolean durable) implements Serializable {
    /** How the ids begin that the engine gives to uses of its own; nobody else may use such a one. */
    public static final String OF_USES = "use:";

    /** How the ids begin by which volumes hold their plugins; nobody else may use such a one. */
    public static final String OF_VOLUMES = "volume:";

    /** The same, where a name is too long for an id. */
    public static final String OF_LONG_VOLUMES = "volume.sha256:";

    private static final int LONGEST_LABEL = 128;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}");

    /** Checks both texts. @throws IllegalArgumentException if one is empty, too long, or has characters that nobody sees */
    public Holder {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "a holder's id has 1 to 128 letters, digits and \"_.:-\", and begins with"
                            + " a letter or digit; this is none: \"" + id + "\"");
        }
        if (label.isBlank() || label.length() > LONGEST_LABEL
                || !label.codePoints().allMatch(Quoted::isVisible)) {
            throw new IllegalArgumentException("a holder's label has 1 to " + LONGEST_LABEL
                    + " characters on one line that people can see, not all of them blank");
        }
    }

    /** One that ends with the engine. */
    public static Holder passing(String id, String label) {
        return new Holder(id, label, false);
    }

    /** One that the engine remembers. */
    public static Holder durable(String id, String label) {
        return new Holder(id, label, true);
    }
}
