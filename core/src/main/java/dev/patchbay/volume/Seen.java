package dev.patchbay.volume;

import dev.patchbay.use.Holders;

/** What can be seen of a volume's plugin. */
sealed interface Seen {
    /** It was removed, or is switched off: nothing that it had mounted is there. */
    record Gone() implements Seen {}

    /** It is wanted, or cannot be read, and does not run now; what it has mounted may be there or not. */
    record Away() implements Seen {}

    /**
     * It runs.
     *
     * @param heldBy all who hold it
     */
    record Runs(Start start, Holders heldBy) implements Seen {}
}
