package dev.patchbay.plugin;

import dev.patchbay.reference.Digest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an installed plugin: 64 lower-case hexadecimal digits.
 *
 * @param hex the digits
 */
public record PluginId(String hex) implements Comparable<PluginId> {

    /** How many digits {@link #shortHex()} has. */
    public static final int SHORT_LENGTH = 12;

    private static final int BYTES = 32;
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{12}.*");

    /** Checks the form. @throws IllegalArgumentException if the text is not 64 lower-case hexadecimal digits */
    public PluginId {
        if (!isId(hex)) {
            throw new IllegalArgumentException("a plugin id has 64 lower-case hexadecimal digits");
        }
    }

    /** Reads a text that may be an id. Empty if it has another form. */
    public static Optional<PluginId> parse(String text) {
        return isId(text) ? Optional.of(new PluginId(text)) : Optional.empty();
    }

    private static boolean isId(String text) {
        return text.length() == 2 * BYTES && Digest.isLowerHex(text);
    }

    /**
     * Draws a new id. Draws again while the short form is all decimal, since tools would take that for a number (moby,
     * {@code pkg/stringid}).
     *
     * @param random the source of 32 bytes per draw; a secure one outside tests
     */
    public static PluginId random(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        String drawn;
        do {
            random.nextBytes(bytes);
            drawn = HexFormat.of().formatHex(bytes);
        } while (DECIMAL.matcher(drawn).matches());
        return new PluginId(drawn);
    }

    /** Whether the id begins with the text. True for the empty text: callers refuse that first. */
    public boolean startsWith(String prefix) {
        return hex.startsWith(prefix);
    }

    /** The first twelve digits, for people. Not unique. */
    public String shortHex() {
        return hex.substring(0, SHORT_LENGTH);
    }

    @Override
    public int compareTo(PluginId other) {
        return hex.compareTo(other.hex);
    }

    // Written out, here and below: the key of nearly every map, and what Java makes for records is slow at first.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PluginId id && hex.equals(id.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    /** The 64 digits. */
    @Override
    public String toString() {
        return hex;
    }
}
