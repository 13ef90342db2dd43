package dev.patchbay.benchmarks;

import dev.patchbay.executor.runc.RuntimeProgram;

/** Where the programs are that runs start by themselves. */
final class Programs {
    private Programs() {}

    static String runc() {
        return find("runc");
    }

    static String conmon() {
        return find("conmon");
    }

    private static String find(String name) {
        return RuntimeProgram.find(name)
                .orElseThrow(() -> new IllegalStateException(name + " is not installed"))
                .toString();
    }
}
