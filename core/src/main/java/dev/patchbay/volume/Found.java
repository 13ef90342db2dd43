package dev.patchbay.volume;

import java.util.List;
import java.util.Optional;

/**
 * What drivers said when they were asked for a volume.
 *
 * @param volume the one that was found, if one was
 * @param failures a sentence for each driver that did not answer
 */
record Found(Optional<OfDriver> volume, List<String> failures) {
    /** A volume that a driver has. */
    record OfDriver(String driver, DriverCalls.Entry entry) {}
}
