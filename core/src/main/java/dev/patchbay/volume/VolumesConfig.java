package dev.patchbay.volume;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How volumes are kept.
 *
 * @param folder where {@code volumes.json} is, absolute; a folder that one process has at a time, such as that of the plugins
 * @param times how long is waited for what
 */
public record VolumesConfig(Path folder, Times times) {
    /** The name of the file. */
    static final String FILE = "volumes.json";

    /** Checks that the folder is absolute. */
    public VolumesConfig {
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException("the folder of " + FILE + " must be absolute: " + folder);
        }
    }

    /** The usual times. */
    public static VolumesConfig at(Path folder) {
        return new VolumesConfig(folder.toAbsolutePath(), Times.USUAL);
    }

    /** The same with other times. */
    public VolumesConfig withTimes(Times other) {
        return new VolumesConfig(folder, other);
    }

    /**
     * How long is waited for what. Each is positive.
     *
     * @param call for an answer to {@code Create}, {@code Remove} and {@code Unmount}; Docker's 60 s
     * @param mount for an answer to {@code Mount}; Docker's 120 s
     * @param question for an answer to {@code Get}, {@code List}, {@code Path} and {@code Capabilities}, which all drivers are
     *     asked side by side
     * @param disk for {@code volumes.json} to be read or written
     * @param look for a look at a mount point
     */
    public record Times(Duration call, Duration mount, Duration question, Duration disk, Duration look) {
        /** Docker's where it has them. */
        public static final Times USUAL = new Times(Duration.ofSeconds(60), Duration.ofSeconds(120),
                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(5));

        /** Checks that they are positive. */
        public Times {
            if (!call.isPositive() || !mount.isPositive() || !question.isPositive() || !disk.isPositive()
                    || !look.isPositive()) {
                throw new IllegalArgumentException("the times of volumes must be positive");
            }
        }
    }
}
