package dev.patchbay.engine;

import java.time.Duration;

/**
 * How long the engine waits for one step of the executor or the store before it says that it hangs. None of them is
 * meant to be reached: what works takes a small part of it.
 *
 * @param start for the executor to start a container, from when those ordered before it no longer keep it waiting
 * @param takeOver to find out what an earlier process left of a plugin
 * @param delete to remove a container that has ended
 * @param look to look at something without changing it: what a plugin needs of the host, the runtime's version, what
 *     containers there are, a log's first line
 * @param write for the store to write a change; after that those who wait for it are told, and it goes on
 * @param content for the store to go on with content while nobody outside keeps it waiting, and to collect garbage
 */
public record Limits(Duration start, Duration takeOver, Duration delete, Duration look, Duration write,
        Duration content) {
    /** What applies unless told otherwise. */
    public static final Limits DEFAULT = new Limits(
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10));

    /** Checks every value. */
    public Limits {
        EngineConfig.positive("start", start);
        EngineConfig.positive("takeOver", takeOver);
        EngineConfig.positive("delete", delete);
        EngineConfig.positive("look", look);
        EngineConfig.positive("write", write);
        EngineConfig.positive("content", content);
    }
}
