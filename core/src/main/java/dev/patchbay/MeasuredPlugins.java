package dev.patchbay;

import dev.patchbay.metrics.Reading;
import java.util.List;

/** Plugins whose lives and calls are counted. */
public interface MeasuredPlugins {
    /**
     * All numbers of now, on the calling thread; never waits, nor has the state thread do anything. What plugins use of the
     * machine is what was counted when somebody asked before, 5 s ago or more; the first time there is none of it.
     */
    List<Reading> metrics();
}
