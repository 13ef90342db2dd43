package dev.patchbay.web.daemon;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A program that runs containers.
 *
 * @param path a file name to look for in PATH, or an absolute path
 * @param arguments what stands before the arguments of every call
 */
record OciRuntime(String path, List<String> arguments) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    /** Checks the path and copies the arguments. */
    OciRuntime {
        arguments = List.copyOf(arguments);
        if (!path.startsWith("/") && !NAME.matcher(path).matches()) {
            throw UsageException.configuration(
                    "runtime path \"" + path + "\" is neither an absolute path nor the name of a program");
        }
    }

    /** Reads {@code NAME=PATH} into a map of one entry. */
    static Map.Entry<String, OciRuntime> parse(String flag) {
        int equals = flag.indexOf('=');
        if (equals < 0) {
            throw UsageException
                    .configuration("--add-runtime " + flag + " lacks a path; write --add-runtime NAME=PATH");
        }
        return Map.entry(
                checkedName(flag.substring(0, equals)),
                new OciRuntime(flag.substring(equals + 1), List.of()));
    }

    /** The name itself if it can be one. */
    static String checkedName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw UsageException.configuration(
                    "runtime name \"" + name
                            + "\" must be up to 64 letters, digits, dots, dashes and underscores");
        }
        return name;
    }
}
