package dev.patchbay;

import dev.patchbay.reference.Digest;
import dev.patchbay.reference.Reference;

/** What happens while a plugin is pushed. */
public sealed interface PushProgress {
    /** The push begins. The first signal. */
    record Started(Reference target) implements PushProgress {}

    /**
     * A blob, or at the end the manifest, has come further.
     *
     * @param digest whose
     * @param phase what is done with it
     * @param current bytes sent
     * @param total its size in bytes
     */
    record Blob(Digest digest, Phase phase, long current, long total) implements PushProgress {}

    /**
     * All is there. Always the last signal before completion.
     *
     * @param tag the tag that names it now
     * @param digest of the manifest
     * @param size of the manifest in bytes
     */
    record Done(String tag, Digest digest, long size) implements PushProgress {}

    /** What is done with a blob. */
    enum Phase {
        /** The registry is asked whether it has it. */
        PREPARING,
        /** The registry had it. */
        EXISTS,
        /** The registry took it over from another repository. */
        MOUNTED,
        /** It is being sent. */
        UPLOADING,
        /** It was sent. */
        UPLOADED
    }
}
