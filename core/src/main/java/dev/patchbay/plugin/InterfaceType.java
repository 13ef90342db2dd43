package dev.patchbay.plugin;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin says it can do: {@code prefix.capability/version}, for example {@code docker.volumedriver/1.0}.
 *
 * <p>{@link #parse} takes any text and {@link #toString()} always prints all three parts, so that reading what was
 * printed gives the same value. Engines before 29.0 sliced the wrong buffer for texts without a dot or slash (defect D78).
 *
 * @param prefix who defines the capability, {@code docker} for Docker's own; may be empty, may contain dots
 * @param capability the word, without dot and slash
 * @param version the version, may be empty
 */
public record InterfaceType(String prefix, String capability, String version) {

    /** The prefix of the capabilities that Docker's subsystems look for. */
    public static final String DOCKER = "docker";

    /** The version that Docker's subsystems speak. */
    private static final String FIRST = "1.0";

    private static final int MOST_DIGITS = 9;
    private static final int NONE = -1;

    /** Checks that the printed form can be read back. @throws IllegalArgumentException if it could not */
    public InterfaceType {
        if (prefix.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the prefix of an interface type has no slash: " + prefix);
        }
        if (capability.indexOf('/') >= 0 || capability.indexOf('.') >= 0) {
            throw new IllegalArgumentException(
                    "the capability of an interface type has neither dot nor slash: " + capability);
        }
    }

    /** Reads {@code [prefix.]capability[/version]}: cut at the first slash, the left part then at its last dot. */
    public static InterfaceType parse(String text) {
        int slash = text.indexOf('/');
        String left = slash < 0 ? text : text.substring(0, slash);
        String version = slash < 0 ? "" : text.substring(slash + 1);
        int dot = left.lastIndexOf('.');
        return new InterfaceType(dot < 0 ? "" : left.substring(0, dot), left.substring(dot + 1), version);
    }

    /** A capability of Docker's own, in version 1.0. */
    public static InterfaceType docker(String capability) {
        return new InterfaceType(DOCKER, capability, FIRST);
    }

    /**
     * What somebody asks for: {@code [prefix.]capability[/version]}, where Docker's prefix and version 1.0 go without saying.
     *
     * @throws IllegalArgumentException if there is no capability in it, or a version that is no number
     */
    public static InterfaceType asked(String text) {
        InterfaceType read = parse(text);
        var full = new InterfaceType(read.prefix.isEmpty() ? DOCKER : read.prefix, read.capability,
                text.indexOf('/') < 0 ? FIRST : read.version);
        if (full.capability.isBlank() || number(full.version, 0) == NONE) {
            throw new IllegalArgumentException(
                    "a capability is asked for by its name, such as \"volumedriver\" or"
                            + " \"docker.volumedriver/1.0\", not by \"" + text + "\"");
        }
        return full;
    }

    /** The shortest text that {@link #asked} makes this of, in lower case, as moby prints it. */
    public String asked() {
        return lower((prefix.equalsIgnoreCase(DOCKER) ? "" : prefix + ".") + capability
                + (version.equals(FIRST) ? "" : "/" + version));
    }

    /**
     * Whether one who asks for that can use this one: neither side's upper or lower case matters, the major version is the
     * same, and the minor one is not lower. The same rule serves finding and activating (in moby they differ, defect D59:
     * {@code docker.networkdriver/2.0} is found there but never registered).
     */
    public boolean provides(InterfaceType asked) {
        return prefix.equalsIgnoreCase(asked.prefix) && lower(capability).equals(lower(asked.capability))
                && number(asked.version, 0) != NONE
                && number(version, 0) == number(asked.version, 0)
                && number(version, 1) >= number(asked.version, 1);
    }

    /** Whether one who asks for this, as for {@link #asked(String)}, can use this one. */
    public boolean provides(String asked) {
        return provides(asked(asked));
    }

    /**
     * One of a version's numbers, 0 where it has no such, and {@value #NONE} if it is no version: numbers of at most {@value
     * #MOST_DIGITS} digits with dots between them. By hand: each call to a plugin that is looked up compares versions.
     */
    private static int number(String version, int place) {
        int found = 0;
        int digits = 0;
        int number = 0;
        int at = 0;
        for (int i = 0; i <= version.length(); i++) {
            char c = i < version.length() ? version.charAt(i) : '.';
            if (c == '.') {
                if (digits == 0) {
                    return NONE;
                }
                found = at == place ? number : found;
                at++;
                digits = 0;
                number = 0;
            } else if (c >= '0' && c <= '9' && digits < MOST_DIGITS) {
                digits++;
                number = 10 * number + c - '0';
            } else {
                return NONE;
            }
        }
        return found;
    }

    // Written out, here and below: what Java makes for records is slow at first, and each start compares some.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InterfaceType type && capability.equals(type.capability)
                && prefix.equals(type.prefix) && version.equals(type.version);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * prefix.hashCode() + capability.hashCode()) + version.hashCode();
    }

    /** The printed form, always with dot and slash. */
    @Override
    public String toString() {
        return prefix + "." + capability + "/" + version;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
