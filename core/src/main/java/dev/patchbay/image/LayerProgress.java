package dev.patchbay.image;

import dev.patchbay.reference.Digest;

/**
 * How far a layer has come.
 *
 * @param layer the layer
 * @param phase what is done with it
 * @param current bytes done in this phase, of the packed layer
 * @param total bytes to do in this phase, of the packed layer
 */
public record LayerProgress(Digest layer, Phase phase, long current, long total) {
    /** What is done with a layer, in this order; downloading and extracting overlap between layers. */
    public enum Phase {
        /** It waits for its turn to be fetched. */
        WAITING,
        /** Nothing to fetch: it is stored already. */
        EXISTS,
        /** It is being fetched. */
        DOWNLOADING,
        /** It is fetched and verified. */
        DOWNLOADED,
        /** It is being unpacked. */
        EXTRACTING,
        /** It is unpacked. */
        COMPLETE
    }
}
