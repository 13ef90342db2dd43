package dev.patchbay.web.crash;

import java.util.Random;

/** How a daemon ends. */
enum Fall {
    /** By SIGKILL. */
    KILL,
    /** By SIGKILL, and the next one too, before it has restored all. */
    KILL_TWICE,
    /** By SIGTERM. */
    TERM,
    /** With the machine: no process is left, and nothing of the exec root. */
    REBOOT;

    /** One by chance; SIGKILL is what most can go wrong with. */
    static Fall any(Random random) {
        int dice = random.nextInt(10);
        if (dice < 5) {
            return KILL;
        }
        if (dice < 7) {
            return KILL_TWICE;
        }
        return dice < 9 ? TERM : REBOOT;
    }

    /** Whether plugins run on. */
    boolean sparesPlugins(boolean liveRestore) {
        return switch (this) {
            case KILL, KILL_TWICE -> true;
            case TERM -> liveRestore;
            case REBOOT -> false;
        };
    }
}
