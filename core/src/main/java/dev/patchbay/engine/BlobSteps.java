package dev.patchbay.engine;

import dev.patchbay.PushProgress;
import dev.patchbay.PushProgress.Phase;
import dev.patchbay.engine.Progress.Teller;
import dev.patchbay.image.Descriptor;
import dev.patchbay.registry.Repository;

/**
 * Tells how far a blob has come that is pushed: what really happens to it (moby judges by a field that nothing sets, D25).
 * Called from any thread; what is told after the end is late and means nothing.
 */
final class BlobSteps {
    private final Descriptor blob;
    private final Teller<PushProgress> teller;
    private boolean over; // guarded by this

    BlobSteps(Descriptor blob, Teller<PushProgress> teller) {
        this.blob = blob;
        this.teller = teller;
    }

    void preparing() {
        tell(Phase.PREPARING, 0);
    }

    synchronized void sent(long bytes) {
        if (!over) {
            tell(Phase.UPLOADING, bytes);
        }
    }

    synchronized void ended(Repository.Upload upload) {
        over = true;
        tell(switch (upload) {
            case EXISTED -> Phase.EXISTS;
            case MOUNTED -> Phase.MOUNTED;
            case SENT -> Phase.UPLOADED;
        }, blob.size());
    }

    private void tell(Phase phase, long current) {
        teller.tell(blob.digest(), new PushProgress.Blob(blob.digest(), phase, current, blob.size()));
    }
}
