package dev.patchbay.executor.runc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program with runc's command line, such as runc or crun.
 *
 * @param path the program, absolute
 * @param arguments put before all others in each call
 */
public record RuntimeProgram(Path path, List<String> arguments) {
    private static final List<String> USUAL_PLACES = List.of(
            "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    /** Checks the path and copies the list. @throws IllegalArgumentException if the path is not absolute */
    public RuntimeProgram {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("the path of a runtime must be absolute, not " + path);
        }
        arguments = List.copyOf(arguments);
    }

    /** The program without fixed arguments. */
    public static RuntimeProgram at(Path path) {
        return new RuntimeProgram(path, List.of());
    }

    /** Looks for an executable in the usual places of programs; empty if it is in none of them. */
    public static Optional<Path> find(String name) {
        return USUAL_PLACES.stream()
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
