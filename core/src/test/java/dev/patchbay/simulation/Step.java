package dev.patchbay.simulation;

import java.util.Locale;

/**
 * One line of a plan: something that a client does, or something that goes wrong.
 *
 * @param at when, in nanoseconds
 * @param what it is
 * @param subject which name, where that matters
 * @param number a version, a token, or how much
 * @param duration how long it goes wrong, or when the client hangs up; 0 for not at all
 */
record Step(long at, What what, int subject, int number, long duration) {
    /** What can happen. */
    enum What {
        CREATE, INSTALL, UPGRADE, ROLL_BACK, SET, LIMIT, ENABLE, DISABLE, REMOVE, PUSH, ACQUIRE, RELEASE, USE, COLLECT, LIST, KILL, LOSE_POWER, REOPEN, DISK_FULL, DISK_FAILS, DISK_HANGS, SLOW_DISK, BAD_HOST, BAD_RUNTIME, BAD_REGISTRY, STRANGE_EXITS, CONTAINER_ENDS;

        boolean isAsked() {
            return compareTo(LIST) <= 0;
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%9.3f s  %s %s number %d%s", at / 1e9, what,
                what.isAsked() ? Plan.name(subject) : "", number,
                duration == 0 ? "" : String.format(Locale.ROOT, " for %.3f s", duration / 1e9));
    }
}
