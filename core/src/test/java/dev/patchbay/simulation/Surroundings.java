package dev.patchbay.simulation;

import static dev.patchbay.simulation.VirtualTime.MILLISECOND;
import static dev.patchbay.simulation.VirtualTime.SECOND;

/** How everything outside of the engine is at the moment: how fast, and how sound. */
final class Surroundings {
    private final Chance chance;
    private final Mutant mutant;
    private boolean slowDisk;
    private boolean hangingDisk;
    private boolean badHost;
    private boolean badRuntime;
    private boolean badRegistry;
    private boolean strangeExits;

    Surroundings(Chance chance, Mutant mutant) {
        this.chance = chance;
        this.mutant = mutant;
    }

    Chance chance() {
        return chance;
    }

    Mutant mutant() {
        return mutant;
    }

    void slowDisk(boolean now) {
        slowDisk = now;
    }

    void hangingDisk(boolean now) {
        hangingDisk = now;
    }

    void badHost(boolean now) {
        badHost = now;
    }

    void badRuntime(boolean now) {
        badRuntime = now;
    }

    void badRegistry(boolean now) {
        badRegistry = now;
    }

    void strangeExits(boolean now) {
        strangeExits = now;
    }

    boolean hasBadRuntime() {
        return badRuntime;
    }

    boolean hasBadRegistry() {
        return badRegistry;
    }

    boolean hasStrangeExits() {
        return strangeExits;
    }

    /** Whether something goes wrong that does so once in so many times while the runtime is bad. */
    boolean runtimeFails(int times) {
        return badRuntime && chance.oneIn(times);
    }

    /** Whether a step never ends. */
    boolean runtimeHangs() {
        return runtimeFails(10);
    }

    /** Whether a piece of work on the disk is never heard of again. */
    boolean diskHangs() {
        return hangingDisk && chance.oneIn(5);
    }

    /** How long a look at the host takes: as long as a file system of another machine does not answer. */
    long hostPause() {
        return badHost && chance.oneIn(3)
                ? chance.between(SECOND, 100 * SECOND)
                : pause(20, MILLISECOND, 100 * MILLISECOND);
    }

    /** Whether something is gone that plugins need. */
    boolean hostLacksSomething() {
        return badHost && chance.oneIn(3);
    }

    /** Whether an exit is lost for good. */
    boolean exitIsLost() {
        return strangeExits && chance.oneIn(4);
    }

    /** How long the disk lets wait, before and after. */
    long diskPause() {
        if (slowDisk && chance.oneIn(4)) {
            return chance.between(SECOND, 80 * SECOND);
        }
        return pause(20, 2 * MILLISECOND, 300 * MILLISECOND);
    }

    /** How long the runtime lets wait. */
    long runtimePause() {
        return pause(12, 40 * MILLISECOND, 4 * SECOND);
    }

    /** How long the registry lets wait. */
    long registryPause() {
        return badRegistry && chance.oneIn(4)
                ? chance.between(SECOND, 30 * SECOND)
                : pause(10, 20 * MILLISECOND, 3 * SECOND);
    }

    /** Short, but once in so many times long. */
    private long pause(int times, long usual, long rare) {
        return chance.between(0, chance.oneIn(times) ? rare : usual);
    }
}
