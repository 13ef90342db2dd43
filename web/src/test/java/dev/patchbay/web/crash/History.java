package dev.patchbay.web.crash;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was done so far, for whoever has to understand a failure. For any thread. */
final class History {
    private static final int LINES = 120;

    private final Deque<String> lines = new ArrayDeque<>(); // guarded by this

    synchronized void add(String line) {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }
}
