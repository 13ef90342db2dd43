package dev.patchbay.benchmarks.measure;

import dev.patchbay.executor.runc.RuntimeProgram;
import java.nio.file.Path;
import java.util.Optional;

/** Where the programs are that runs start by themselves. */
public final class Programs {
    private Programs() {}

    public static String runc() {
        return find("runc");
    }

    public static String conmon() {
        return find("conmon");
    }

    /** The docker client that users have. */
    public static String docker() {
        return find("docker");
    }

    /** The daemon to compare with, which not every host has. */
    public static Optional<String> dockerd() {
        return RuntimeProgram.find("dockerd").map(Path::toString);
    }

    private static String find(String name) {
        return RuntimeProgram.find(name)
                .orElseThrow(() -> new IllegalStateException(name + " is not installed"))
                .toString();
    }
}
