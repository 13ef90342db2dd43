package dev.patchbay.executor.runc;

import java.nio.file.Path;

/** Opens an engine below a folder and prints how that failed: for a process that lacks the rights. */
final class OpensAndTells {
    private OpensAndTells() {}

    /** {@code OpensAndTells FOLDER}. */
    @SuppressWarnings("SystemOut") // what the test reads
    public static void main(String[] arguments) {
        try {
            new HostHere(Path.of(arguments[0])).open("a");
            System.out.println("opened");
        } catch (RuntimeException e) {
            System.out.println(e);
        }
        System.exit(0);
    }
}
