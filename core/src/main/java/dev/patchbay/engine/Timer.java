package dev.patchbay.engine;

/** What a timer was set for. */
enum Timer {
    /** The plugin should accept connections by now. */
    START_TIMEOUT,
    /** It is time to find out once more what is left of it. */
    TAKE_OVER,
    /** The backoff is over. */
    RETRY,
    /** The plugin has run long enough to count as healthy. */
    STABLE
}
