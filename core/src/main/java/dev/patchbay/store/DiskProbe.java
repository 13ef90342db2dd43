package dev.patchbay.store;

import java.io.IOException;
import java.nio.file.Path;

/** Hears of every act on the disk before it happens. The seam through which tests let the disk fail or the power go. */
interface DiskProbe {
    /** The disk as it is. */
    DiskProbe NONE = (_, _) -> {};

    /** Called on the thread that acts. @throws IOException to let the act fail in place of the disk */
    void before(DiskStep step, Path path) throws IOException;
}
