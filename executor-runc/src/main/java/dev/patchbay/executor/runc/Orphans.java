package dev.patchbay.executor.runc;

import dev.patchbay.executor.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a process that was killed in the middle of a start left running of it: the monitor, a call of the runtime. No
 * record names them yet, so they are found by their command lines.
 */
final class Orphans {
    private Orphans() {}

    /**
     * Those that were started for a bundle.
     *
     * @param programs what may have been started
     */
    static List<ProcessIdentity> of(Path bundle, List<Path> programs) throws IOException {
        var found = new ArrayList<ProcessIdentity>();
        for (ProcessStat each : ProcessStat.all()) {
            // The name first: whoever reads the command line of a process that hangs with its memory locked hangs too, and
            // no process but our own may keep us from removing anything.
            if (programs.stream().anyMatch(each::runs)
                    && CommandLines.isFor(bundle, each.process().arguments())) {
                found.add(each.process());
            }
        }
        return found;
    }

    /**
     * Kills a process with all that it has started, and waits for their ends: a state folder that a runtime makes after we
     * looked for one would stay for ever.
     *
     * @throws IOException if the process itself does not end within the limit, or nobody can tell
     */
    static void kill(ProcessIdentity top, Duration limit) throws IOException, InterruptedException {
        List<ProcessIdentity> tree = descendants(top);
        top.signal(Signal.KILL);
        for (ProcessIdentity each : tree) {
            each.signal(Signal.KILL);
        }
        for (ProcessIdentity each : tree) {
            each.awaitEnd(limit);
        }
        if (!top.awaitEnd(limit)) {
            throw new IOException("process " + top.pid() + " did not end within " + Processes.readable(limit)
                    + " of SIGKILL");
        }
    }

    // Those of a ProcessHandle lack whatever could not be looked at.
    private static List<ProcessIdentity> descendants(ProcessIdentity top) throws IOException {
        Map<Long, List<ProcessStat>> children = ProcessStat.all()
                .stream()
                .collect(Collectors.groupingBy(ProcessStat::parent));
        var found = new ArrayList<ProcessIdentity>();
        var open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            for (ProcessStat child : children.getOrDefault(open.remove().pid(), List.of())) {
                found.add(child.process());
                open.add(child.process());
            }
        }
        return found;
    }
}
