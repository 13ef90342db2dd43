package dev.patchbay.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a {@link ModelJournal} keeps; outlives the process. */
final class ModelDisk {
    final Random chance;
    final List<LoggedEvent> events = new ArrayList<>();
    String epoch = "";
    long oldest = 1;

    /** Whether nothing can be read, written or opened. */
    boolean failing;

    /** Whether nothing is ever answered. */
    boolean hanging;

    ModelDisk(Random chance) {
        this.chance = chance;
    }

    long head() {
        return oldest + events.size() - 1;
    }

    void trim(int count) {
        for (int i = 0; i < count && events.size() > 1; i++) {
            events.removeFirst();
            oldest++;
        }
    }

    void clear() {
        events.clear();
        oldest = 1;
        epoch = "";
    }
}
