package dev.patchbay.store;

import dev.patchbay.syscall.ErrnoException;
import dev.patchbay.syscall.Syscalls;
import dev.patchbay.thread.GracefulScheduler;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A few named threads that may block, with a bounded queue before them. If the queue is full, work is refused with a
 * {@link StoreException}.
 */
final class BlockingWork {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingWork.class);
    private static final int IDLE_SECONDS = 30;
    private static final int NICENESS = 10;

    private final String name;
    private final Scheduler threads;
    private final boolean givesWay;

    BlockingWork(String name, int maxThreads, int maxQueued) {
        this(name, maxThreads, maxQueued, false);
    }

    private BlockingWork(String name, int maxThreads, int maxQueued, boolean givesWay) {
        this.name = name;
        this.givesWay = givesWay;
        this.threads = GracefulScheduler
                .of(Schedulers.newBoundedElastic(maxThreads, maxQueued, name, IDLE_SECONDS, true));
    }

    /** Threads for work that nobody waits for as long as others compute: it then gets little of the processors. */
    static BlockingWork givingWay(String name, int maxThreads, int maxQueued) {
        return new BlockingWork(name, maxThreads, maxQueued, true);
    }

    /** Work that, once subscribed to, is carried out whole: cancelling only detaches. */
    <T> Mono<T> toTheEnd(Supplier<T> work) {
        return Mono.defer(() -> {
            Sinks.One<T> result = Sinks.one();
            schedule(() -> {
                try {
                    result.tryEmitValue(work.get()).orThrow();
                } catch (RuntimeException | Error e) {
                    result.tryEmitError(e).orThrow();
                }
            });
            return result.asMono();
        });
    }

    /** As {@link #toTheEnd(Supplier)}, for work without a result. */
    Mono<Void> toTheEnd(Runnable work) {
        return toTheEnd(() -> {
            work.run();
            return true;
        }).then();
    }

    /** Work that is interrupted when its subscriber cancels. What it then throws or returns goes nowhere. */
    <T> Mono<T> interruptible(Attempt<T> attempt) {
        return Mono.create(sink -> {
            Disposable task = scheduleOrGiveUp(attempt, () -> {
                if (attempt.begin()) {
                    carryOut(attempt, sink);
                }
            });
            sink.onCancel(() -> {
                attempt.giveUp(); // before the interrupt, so that its exception finds the attempt given up
                task.dispose();
            });
        });
    }

    /** The threads, for operators that bring their own work. */
    Scheduler threads() {
        return threads;
    }

    /** Waits for what is under way, takes nothing more. */
    Mono<Void> close() {
        return threads.disposeGracefully();
    }

    /** Takes nothing more, and waits for nothing. */
    void abandon() {
        threads.dispose();
    }

    private static <T> void carryOut(Attempt<T> attempt, MonoSink<T> sink) {
        try {
            T result = attempt.work();
            if (!attempt.givenUp()) {
                sink.success(result);
            }
        } catch (RuntimeException | Error e) {
            if (!attempt.givenUp()) {
                sink.error(Exceptions.unwrap(e));
            }
        } finally {
            attempt.end();
        }
    }

    private <T> Disposable scheduleOrGiveUp(Attempt<T> attempt, Runnable work) {
        try {
            return schedule(work);
        } catch (StoreException e) {
            attempt.giveUp();
            throw e;
        }
    }

    /** Runs work that ends by itself and throws nothing; disposing interrupts it. */
    Disposable schedule(Runnable work) {
        try {
            return threads.schedule(givesWay ? () -> runGivingWay(work) : work);
        } catch (RejectedExecutionException e) {
            throw new StoreException(threads.isDisposed()
                    ? "the plugin store is closed"
                    : "the plugin store is overloaded: too many operations wait for a " + name
                            + " thread; try again later",
                    e);
        }
    }

    private static void runGivingWay(Runnable work) {
        try {
            Syscalls.giveWay(NICENESS); // each time: it costs a microsecond, and threads come and go
        } catch (ErrnoException | LinkageError e) {
            LOG.debug("work of low priority has the usual one: {}", e.getMessage());
        }
        work.run();
    }
}
