package dev.patchbay.store;

import java.nio.file.Path;

/** Where is told what an operator should look at. */
@FunctionalInterface
interface NoticeBoard {
    /** Tells something, in a sentence that names the paths and says what to do. */
    void tell(Path place, String problem);
}
