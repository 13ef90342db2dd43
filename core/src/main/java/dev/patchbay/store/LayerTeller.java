package dev.patchbay.store;

import dev.patchbay.image.Descriptor;
import dev.patchbay.image.LayerProgress;
import dev.patchbay.image.LayerProgress.Phase;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Tells how far one layer is: its phases in their order, and in between no more than every {@value #PAUSE_MILLIS} ms.
 *
 * <p>A layer is unpacked while it is fetched; that it is unpacked is told only after it is fetched, so that no phase comes
 * back. Thread-safe: one call of the listener at a time, none after {@link #stop} (moby goes on, D22).
 */
final class LayerTeller {
    static final long PAUSE_MILLIS = 100;

    private final Descriptor layer;
    private final Consumer<LayerProgress> listener;
    private final Clock clock;
    private Phase phase = Phase.WAITING; // guarded by this
    private long toldAt; // guarded by this
    private boolean stopped; // guarded by this

    LayerTeller(Descriptor layer, Consumer<LayerProgress> listener, Clock clock) {
        this.layer = layer;
        this.listener = listener;
        this.clock = clock;
    }

    synchronized void waiting() {
        tell(Phase.WAITING, 0);
    }

    synchronized void exists() {
        tell(Phase.EXISTS, layer.size());
    }

    synchronized void downloading(long current) {
        advance(Phase.DOWNLOADING, current);
    }

    synchronized void downloaded() {
        tell(Phase.DOWNLOADED, layer.size());
    }

    /** Says how many packed bytes were unpacked. */
    synchronized void extracting(long current) {
        switch (phase) {
            case WAITING, DOWNLOADING, COMPLETE -> {
            }
            case EXISTS, DOWNLOADED, EXTRACTING -> advance(Phase.EXTRACTING, current);
        }
    }

    synchronized void complete() {
        if (phase != Phase.COMPLETE) {
            tell(Phase.EXTRACTING, layer.size());
            tell(Phase.COMPLETE, layer.size());
        }
    }

    /** Nothing is told from now on. */
    synchronized void stop() {
        stopped = true;
    }

    private void advance(Phase next, long current) {
        long now = clock.millis();
        // A clock that was set back must not silence us.
        if (phase != next || now - toldAt >= PAUSE_MILLIS || now < toldAt) {
            tell(next, current);
        }
    }

    private void tell(Phase next, long current) {
        if (!stopped) {
            phase = next;
            toldAt = clock.millis();
            listener.accept(new LayerProgress(layer.digest(), next, current, layer.size()));
        }
    }
}
