package dev.patchbay.simulation;

import dev.patchbay.store.StoreException;

/** What goes wrong at the steps of a {@link SimulatedDisk}, and which step is the last one of its process. */
final class DiskFaults {
    /** Of which the process dies on the spot. An error, so that nothing on the way takes it for its own. */
    static final class LastStep extends Error {
        private static final long serialVersionUID = 1L;

        LastStep() {
            super("the process died here", null, false, false);
        }
    }

    /** How often a step fails while the device does: once in so many times. */
    private static final int BAD_DEVICE = 6;

    private final Chance chance;
    private final Mutant mutant;
    private boolean full;
    private boolean failing;
    private boolean undoing;
    private int stepsToLive = Integer.MAX_VALUE;

    DiskFaults(Chance chance, Mutant mutant) {
        this.chance = chance;
        this.mutant = mutant;
    }

    void full(boolean now) {
        full = now;
    }

    void failing(boolean now) {
        failing = now;
    }

    /** Lets the process die before the step after so many others. */
    void dieAfter(int steps) {
        stepsToLive = steps;
    }

    /** A new process has all its life before it. */
    void reborn() {
        stepsToLive = Integer.MAX_VALUE;
        undoing = false;
    }

    /** Before a step that needs space. */
    void beforeGrowing() {
        beforeStep();
        if (full && !undoing) {
            throw new StoreException("no space left on device", null);
        }
    }

    /** Before any step. */
    void beforeStep() {
        if (stepsToLive-- <= 0) {
            throw new LastStep();
        }
        if (failing && !undoing && chance.oneIn(BAD_DEVICE)) {
            throw new StoreException("input/output error", null);
        }
    }

    /** Whether nothing can be read of a folder this time. */
    boolean readFails() {
        return failing && chance.oneIn(3);
    }

    /** Takes back what was done before a failure: that may be cut off, but does not fail itself. */
    void undo(Runnable takingBack) {
        undoing = true;
        takingBack.run();
        undoing = false;
    }

    boolean skipsSync() {
        return mutant == Mutant.SKIP_SYNC;
    }
}
