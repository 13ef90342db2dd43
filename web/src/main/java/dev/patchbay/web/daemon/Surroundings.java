package dev.patchbay.web.daemon;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What the process was started with, apart from its arguments.
 *
 * @param out for what scripts read: the ready line, versions, help that was asked for
 * @param err for people: errors and the log
 * @param root whether the process has the rights of root
 * @param command how the user calls the program
 * @param signals takes over the process's signals
 */
record Surroundings(
        PrintStream out,
        PrintStream err,
        boolean root,
        String command,
        Supplier<OsSignal.Inbox> signals) {
    /** The system property by which the launcher says how it was called. */
    static final String COMMAND = "patchbay.command";

    /** This process, as it is. */
    @SuppressWarnings("SystemOut")
    static Surroundings ofThisProcess() {
        return new Surroundings(System.out, System.err, isRoot(),
                System.getProperty(COMMAND, "patchbay"), OsSignal::takeOver);
    }

    private static boolean isRoot() {
        try {
            // A process's folder belongs to its effective user (proc(5)).
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self; mount /proc", e);
        }
    }
}
