package dev.patchbay.event.client;

import dev.patchbay.event.From;

/** Where a stream begins. When it comes back, it goes on where it was. */
public sealed interface StreamStart {
    /** With events only. */
    record Events(From from) implements StreamStart {}

    /**
     * With all plugins that pass the filter as they are, and then what happens to them. A snapshot that was cut off is
     * told again, from its beginning.
     */
    record Snapshot() implements StreamStart {}
}
