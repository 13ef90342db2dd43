package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process that was killed in the middle of a start left running of it: the monitor, a call of the runtime. No
 * record names them yet, so they are found by their command lines.
 */
final class Orphans {
    private static final Path PROC = Path.of("/proc");

    private Orphans() {}

    /** Those that were started for a bundle. Reads the command line of every process of this machine. */
    static List<ProcessIdentity> of(Path bundle) throws IOException {
        var found = new ArrayList<ProcessIdentity>();
        for (Path entry : Entries.in(PROC)) {
            String name = String.valueOf(entry.getFileName());
            if (name.matches("[1-9][0-9]*")) {
                ProcessIdentity.of(Long.parseLong(name))
                        .filter(it -> CommandLines.isFor(bundle, it.arguments()))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /**
     * Kills a process with all that it has started, and waits for their ends: a state folder that a runtime makes after we
     * looked for one would stay for ever.
     *
     * @throws IOException if the process itself does not end within the limit
     */
    static void kill(ProcessIdentity top, Duration limit) throws IOException, InterruptedException {
        List<ProcessIdentity> tree = ProcessHandle.of(top.pid())
                .stream()
                .flatMap(ProcessHandle::descendants)
                .flatMap(handle -> ProcessIdentity.of(handle.pid()).stream())
                .toList();
        top.signal(Signal.KILL);
        tree.forEach(each -> each.signal(Signal.KILL));
        for (ProcessIdentity each : tree) {
            each.awaitEnd(limit);
        }
        if (!top.awaitEnd(limit)) {
            throw new IOException("process " + top.pid() + " did not end within " + Processes.readable(limit)
                    + " of SIGKILL");
        }
    }
}
