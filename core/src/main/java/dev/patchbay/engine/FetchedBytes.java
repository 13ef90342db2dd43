package dev.patchbay.engine;

import dev.patchbay.image.LayerProgress;
import dev.patchbay.reference.Digest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what one pull fetches, from how far each of its layers is. Told by any thread, one at a time per layer. */
final class FetchedBytes {
    private final Tally tally;
    private final Map<Digest, Long> counted = new ConcurrentHashMap<>();

    FetchedBytes(Tally tally) {
        this.tally = tally;
    }

    void moved(LayerProgress progress) {
        switch (progress.phase()) {
            case DOWNLOADING, DOWNLOADED -> {
                long bytes = progress.phase() == LayerProgress.Phase.DOWNLOADED
                        ? progress.total()
                        : progress.current();
                long before = counted.getOrDefault(progress.layer(), 0L);
                if (bytes > before) { // less, if it is fetched once more after a failure: that is counted when it passes
                    counted.put(progress.layer(), bytes);
                    tally.fetched(bytes - before);
                }
            }
            case WAITING, EXISTS, EXTRACTING, COMPLETE -> {
            }
        }
    }
}
