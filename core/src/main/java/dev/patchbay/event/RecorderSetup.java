package dev.patchbay.event;

import java.time.Duration;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/**
 * What a recorder needs of its process.
 *
 * @param threads where it works
 * @param chance where epochs in memory are drawn from
 * @param patience how long the journal may take for anything
 * @param pause from a failure of the journal to the next attempt with it
 * @param kept how many of the newest events are in memory, for those who are a little behind, and all of them while
 *     the journal cannot be used
 */
public record RecorderSetup(Threads threads, RandomGenerator chance, Duration patience, Duration pause,
        int kept) {
    /** How long the journal may take for anything. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** From a failure of the journal to the next attempt with it. */
    public static final Duration PAUSE = Duration.ofMinutes(1);

    /** How many of the newest events are in memory. */
    public static final int KEPT = 16_384;

    /**
     * Where a recorder works.
     *
     * @param writer where facts are written and told; events are told to {@link EventLog#live} here
     * @param views where views tell their subscribers
     * @param timers where waiting ends
     */
    public record Threads(Scheduler writer, Scheduler views, Scheduler timers) {}

    /** That of an engine. */
    public static RecorderSetup usual(Threads threads, RandomGenerator chance) {
        return new RecorderSetup(threads, chance, PATIENCE, PAUSE, KEPT);
    }

    /** A journal for the time without one. */
    RingJournal memory() {
        return new RingJournal(kept, kept * 1024L, chance);
    }
}
