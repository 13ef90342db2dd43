package dev.patchbay.executor.runc;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One blocking piece of work whose caller may go away. Work and canceller race for the decision: who comes first has it,
 * and an interrupt is sent only while the work has not decided.
 */
final class Turn {
    private enum State {
        OPEN, DECIDED, CANCELLED
    }

    /** Work that asks its turn before it does what cannot be undone. */
    interface Work<T> {
        T run(Turn turn) throws Exception;
    }

    private State state = State.OPEN; // guarded by this
    private @Nullable Future<?> future; // guarded by this

    private Turn() {}

    /** Runs work that a cancel interrupts. What it returns or throws after that is nobody's any more. */
    static <T> Mono<T> interruptible(ExecutorService threads, Work<T> work) {
        return Mono.create(sink -> {
            var turn = new Turn();
            turn.submit(threads, sink, work);
            sink.onCancel(turn::cancel);
        });
    }

    /** Runs work that goes on when its caller goes. An empty result is a null value. */
    static <T> Mono<T> detached(Executor threads, Callable<@Nullable T> call) {
        return Mono.create(sink -> {
            try {
                threads.execute(() -> deliver(sink, call));
            } catch (RejectedExecutionException e) {
                sink.error(new IllegalStateException("the executor is closed or has too much to do", e));
            }
        });
    }

    private static <T> void deliver(MonoSink<T> sink, Callable<@Nullable T> call) {
        T value;
        try {
            value = call.call();
        } catch (Exception | Error e) {
            sink.error(e);
            return;
        }
        if (value == null) {
            sink.success();
        } else {
            sink.success(value);
        }
    }

    private <T> void submit(ExecutorService threads, MonoSink<T> sink, Work<T> work) {
        Future<?> submitted;
        try {
            submitted = threads.submit(() -> carryOut(sink, work));
        } catch (RejectedExecutionException e) {
            sink.error(new IllegalStateException("the executor is closed", e));
            return;
        }
        synchronized (this) {
            future = submitted;
            if (state == State.CANCELLED) {
                submitted.cancel(true);
            }
        }
    }

    private <T> void carryOut(MonoSink<T> sink, Work<T> work) {
        try {
            T value = work.run(this);
            if (decide()) {
                sink.success(value);
            }
        } catch (Exception | Error e) {
            if (decide()) {
                sink.error(e);
            }
        }
    }

    /**
     * Ends the time in which a cancel is heard. After it no interrupt comes any more and the thread is not interrupted.
     *
     * @return whether the caller is still there
     */
    synchronized boolean decide() {
        boolean _ = Thread.interrupted();
        if (state == State.OPEN) {
            state = State.DECIDED;
        }
        return state == State.DECIDED;
    }

    private synchronized void cancel() {
        if (state == State.OPEN) {
            state = State.CANCELLED;
            if (future != null) {
                future.cancel(true);
            }
        }
    }
}
