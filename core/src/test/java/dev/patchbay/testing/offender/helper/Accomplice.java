package dev.patchbay.testing.offender.helper;

import dev.patchbay.testing.offender.OffenceManager;

/** The other half of a cycle, in a package that should not be. */
public final class Accomplice {
    /** Made by the offender. */
    public Accomplice() {}

    /** Closes the cycle. */
    public Class<?> principal() {
        return OffenceManager.class;
    }
}
