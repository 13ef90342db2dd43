package dev.patchbay.executor.runc;

import dev.patchbay.executor.ExitSignal;
import dev.patchbay.executor.LogLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines that a container wrote to stderr, at most {@link ExitSignal#ERROR_LINES}. Confined to its reader. */
final class LastLines {
    private final Deque<String> lines = new ArrayDeque<>();

    /** Takes the next line; one of stdout is nothing to it. */
    void add(LogLine line) {
        if (line.stream() != LogLine.Stream.STDERR) {
            return;
        }
        lines.addLast(line.text());
        if (lines.size() > ExitSignal.ERROR_LINES) {
            lines.removeFirst();
        }
    }

    /** Oldest first. */
    List<String> list() {
        return List.copyOf(lines);
    }
}
