package dev.patchbay.benchmarks.load;

import java.io.PrintStream;

/** How a test goes on: one line that is written again and again on a terminal, and lines elsewhere, every ten seconds. */
final class Progress {
    private static final String ERASE_LINE = "\r\u001b[K";
    private static final long LINES_EVERY_SECONDS = 10;

    private final PrintStream out;
    private final boolean terminal;
    private long lastLine = Long.MIN_VALUE;
    private boolean isOpen;

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Says where things are, so many seconds after the beginning. */
    void at(long seconds, String text) {
        if (terminal) {
            out.print(ERASE_LINE + text);
            out.flush();
            isOpen = true;
        } else if (lastLine == Long.MIN_VALUE || seconds - lastLine >= LINES_EVERY_SECONDS) {
            lastLine = seconds;
            out.println(text);
        }
    }

    /** Says something that stays. */
    void say(String text) {
        end();
        out.println(text);
    }

    /** Clears the line, for something else to be written. */
    void end() {
        if (isOpen) {
            out.print(ERASE_LINE);
            out.flush();
            isOpen = false;
        }
    }
}
