package dev.patchbay.legacy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where legacy plugins are looked for. The folders need not exist.
 *
 * @param sockets where they put their sockets: {@code NAME.sock}, or {@code NAME/NAME.sock}
 * @param descriptions where files say where they listen: {@code NAME.spec}, {@code NAME.json}, or the same in a folder
 *     {@code NAME}; earlier folders win
 */
public record LegacyFolders(Path sockets, List<Path> descriptions) {
    /** Where Docker looks for sockets. */
    public static final Path SOCKETS = Path.of("/run/docker/plugins");

    /** Where Docker looks for descriptions. */
    public static final List<Path> DESCRIPTIONS = List.of(Path.of("/etc/docker/plugins"),
            Path.of("/usr/lib/docker/plugins"));

    private static final String OF_DOCKER = "docker/plugins";

    /** Checks. @throws IllegalArgumentException if a path is not absolute, or one is named twice */
    public LegacyFolders {
        sockets = sockets.normalize();
        descriptions = descriptions.stream().map(Path::normalize).toList();
        List<Path> all = Stream.concat(Stream.of(sockets), descriptions.stream()).toList();
        for (Path folder : all) {
            if (!folder.isAbsolute()) {
                throw new IllegalArgumentException("the path of a folder must be absolute: " + folder);
            }
        }
        if (all.stream().distinct().count() < all.size()) {
            throw new IllegalArgumentException("a folder is named twice: " + all);
        }
    }

    /**
     * Docker's own. Without the rights of root, as RootlessKit tells by the environment, descriptions are below the user's
     * home, those that the user wrote before those that were installed. (In moby an error test is the wrong way round, so
     * that these are never looked at, D73.)
     */
    public static LegacyFolders docker(Map<String, String> environment) {
        return given(environment, "ROOTLESSKIT_STATE_DIR").isEmpty()
                ? new LegacyFolders(SOCKETS, DESCRIPTIONS)
                : new LegacyFolders(SOCKETS, List.of(
                        given(environment, "XDG_CONFIG_HOME").map(Path::of)
                                .or(() -> home(environment).map(home -> home.resolve(".config")))
                                .map(config -> config.resolve(OF_DOCKER))
                                .filter(Path::isAbsolute)
                                .orElse(DESCRIPTIONS.getFirst()),
                        home(environment).map(home -> home.resolve(".local/lib").resolve(OF_DOCKER))
                                .filter(Path::isAbsolute)
                                .orElse(DESCRIPTIONS.getLast())));
    }

    private static Optional<Path> home(Map<String, String> environment) {
        return given(environment, "HOME").map(Path::of);
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** All of them, in the order in which they are searched. */
    List<Path> all() {
        return Stream.concat(Stream.of(sockets), descriptions.stream()).toList();
    }
}
