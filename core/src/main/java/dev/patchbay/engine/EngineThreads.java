package dev.patchbay.engine;

import dev.patchbay.oci.HostFacts;
import dev.patchbay.oci.LinuxHost;
import dev.patchbay.stream.DrainScheduler;
import dev.patchbay.thread.FreshThread;
import dev.patchbay.thread.GracefulScheduler;
import dev.patchbay.thread.PatientPool;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * The engine's threads and clock, all of them, and whatever else chance or the machine decides, so that tests can put one
 * virtual time and one seed in their place.
 *
 * @param state the state thread: the only writer of plugin state; blocking on it is an error
 * @param events where events are handed to the journal, and told
 * @param replies where callers hear of their commands and views get their events
 * @param work where what was fetched is read, and the first round is fanned out; may block
 * @param looks where the host is looked at; may block, and hang
 * @param timers where timers fire
 * @param clock wall time, for what users see
 * @param chance what ids are drawn from
 * @param host the machine that containers run on
 */
record EngineThreads(Scheduler state, Scheduler events, Scheduler replies, Scheduler work, Scheduler looks,
        Scheduler timers, Clock clock, RandomGenerator chance, HostFacts host) {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThreads.class);

    /** How long a subscriber's code may keep the last thread from ending. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Between attempts at what everybody waits for. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Made from numbers of the kernel once: the JDK's own choice reads a file now and then, and the state thread must not. */
    private static final SecureRandom RANDOM = generator();

    private static final int WORKERS = 16;
    private static final int QUEUED_WORK = 100_000;

    /** How long a look takes at most that does not hang. */
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(1);

    /** How many looks may hang, one for each plugin, before others have to wait for them. */
    private static final int MOST_HANGING = 512;

    /** With chance and machine as they are. */
    EngineThreads(Scheduler state, Scheduler events, Scheduler replies, Scheduler work, Scheduler looks,
            Scheduler timers, Clock clock) {
        this(state, events, replies, work, looks, timers, clock, RANDOM, new LinuxHost(LOG::warn));
    }

    private static SecureRandom generator() {
        try {
            return SecureRandom.getInstance("DRBG");
        } catch (NoSuchAlgorithmException _) {
            return new SecureRandom(); // a JDK that was made poorer: it may read, which takes microseconds
        }
    }

    static EngineThreads start() {
        return start(new LinuxHost(LOG::warn));
    }

    static EngineThreads start(HostFacts host) {
        Scheduler work = Schedulers.newBoundedElastic(WORKERS, QUEUED_WORK, "plugin-work", 10, true);
        work.schedule(RANDOM::nextInt); // the first number reads
        Scheduler timers = Schedulers.newSingle("plugin-timer", true);
        var looks = new PatientPool("plugin-look", WORKERS, MOST_HANGING, LOOK_PATIENCE,
                (delay, task) -> after(delay, task, timers));
        return new EngineThreads(
                GracefulScheduler.of(Schedulers.newSingle("plugin-state", true)),
                GracefulScheduler.of(Schedulers.newSingle("plugin-events", true)),
                DrainScheduler.of(GracefulScheduler.of(Schedulers.newSingle("plugin-reply", true))),
                work,
                Schedulers.fromExecutorService(looks, "plugin-look"),
                timers,
                Clock.systemUTC(),
                RANDOM,
                host);
    }

    /**
     * Tries again until it succeeds. Without jitter: one engine asks its own executor, and nobody else.
     */
    RetryBackoffSpec untilItSucceeds() {
        return Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .jitter(0)
                .scheduler(timers);
    }

    private static Disposable after(Duration delay, Runnable task, Scheduler timers) {
        try {
            return timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            return Disposables.disposed(); // stopped: nobody waits for looks any more
        }
    }

    /** Ends all threads. Safe on any of them: those on which the last signals travel are not interrupted. */
    Mono<Void> stop() {
        // Whoever ends a pool may wait for a lock of its threads.
        return Mono.defer(() -> Schedulers.isInNonBlockingThread()
                ? stopHere().subscribeOn(
                        Schedulers.fromExecutor(FreshThread.each("plugin-end")))
                : stopHere());
    }

    private Mono<Void> stopHere() {
        return Mono.defer(() -> {
            timers.dispose();
            work.dispose();
            looks.dispose();
            return GracefulScheduler.endAll(PATIENCE, this::abandon, state, events, replies);
        });
    }

    private void abandon() {
        LOG.warn("a subscriber holds the thread that replies; it is interrupted");
        state.dispose();
        events.dispose();
        replies.dispose();
    }
}
