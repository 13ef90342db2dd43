package dev.patchbay.plugin;

import java.util.Locale;

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

    /** The major version that Docker's subsystems speak. */
    private static final String SPOKEN_MAJOR = "1";

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
        return new InterfaceType(DOCKER, capability, "1.0");
    }

    /**
     * Whether a subsystem that asks for a capability of Docker's can use this one: prefix {@code docker}, the same word,
     * major version 1. Neither side's upper or lower case matters, and the same rule serves finding and activating (in
     * moby they differ, defect D59: {@code docker.networkdriver/2.0} is found there but never registered).
     */
    public boolean provides(String asked) {
        return prefix.equalsIgnoreCase(DOCKER)
                && lower(capability).equals(lower(asked))
                && (version.equals(SPOKEN_MAJOR) || version.startsWith(SPOKEN_MAJOR + "."));
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
