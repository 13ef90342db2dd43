package dev.patchbay.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an operator is to be told of the opening of a directory, or of one folder in it. Of one thread. */
final class Notices implements NoticeBoard {
    private final List<Loaded> found = new ArrayList<>();

    @Override
    public void tell(Path folder, String problem) {
        found.add(new Loaded.Notice(folder, problem));
    }

    /** Does what keeps no plugin from being loaded if it fails. */
    void attempt(Path folder, String what, Runnable cleanUp) {
        try {
            cleanUp.run();
        } catch (StoreException e) {
            tell(folder, "could not " + what + ", will try again at the next start: " + e.getMessage());
        }
    }

    /** All so far. */
    List<Loaded> found() {
        return List.copyOf(found);
    }
}
