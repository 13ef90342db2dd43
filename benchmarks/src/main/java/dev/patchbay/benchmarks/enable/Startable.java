package dev.patchbay.benchmarks.enable;

/** One way to start the sample plugin, again and again. Only {@link #start} is timed. */
interface Startable {
    /** Makes ready what is no part of the start. */
    default void prepare() throws Exception {}

    /** Starts it and returns when its socket has accepted a connection. */
    void start() throws Exception;

    /** Stops it and removes the container. */
    void stop() throws Exception;
}
