package dev.patchbay.web;

import io.netty.channel.embedded.EmbeddedChannel;

/** Event loops that run when a test says so. */
public final class Loops {
    private Loops() {}

    /** A loop whose time stands still. */
    public static EmbeddedChannel make() {
        var loop = new EmbeddedChannel();
        loop.freezeTime();
        return loop;
    }

    /** Has a loop do all that it has to do, what that puts off included. */
    public static void run(EmbeddedChannel loop) {
        do {
            loop.runPendingTasks();
        } while (loop.hasPendingTasks());
    }
}
