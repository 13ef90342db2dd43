package dev.patchbay.executor.runc;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/**
 * One blocking piece of work whose caller may go away. Work and canceller race for the decision: who comes first has it,
 * and an interrupt is sent only while the work has not decided.
 */
final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

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
        return delivered(threads, call, _ -> {});
    }

    /**
     * The same for what has to be given back.
     *
     * @param unwanted takes the result if the caller has gone before it was his
     */
    static <T> Mono<T> detached(Executor threads, Callable<T> call, Consumer<T> unwanted) {
        return delivered(threads, call, unwanted);
    }

    private static <T> Mono<T> delivered(Executor threads, Callable<? extends @Nullable T> call,
            Consumer<T> unwanted) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                var delivery = new Delivery<T>(actual, unwanted);
                actual.onSubscribe(delivery);
                begin(threads, () -> delivery.carryOut(call), delivery::fail);
            }
        };
    }

    private static void begin(Executor threads, Runnable work, Consumer<Throwable> refused) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            refused.accept(new IllegalStateException("the executor is closed or has too much to do", e));
        } catch (OutOfMemoryError e) {
            refused.accept(withoutThreads(e));
        }
    }

    /** An exception: the error is fatal for Reactor, which would not tell it to anybody. */
    private static IllegalStateException withoutThreads(OutOfMemoryError e) {
        return new IllegalStateException("the system has no more threads", e);
    }

    /**
     * A result on its way to a caller who may go: he has it, or it is given back, and each step is one. A sink drops what comes
     * between the two steps of its cancel.
     */
    private static final class Delivery<T> implements Subscription {
        private enum Course {
            WAITING, REQUESTED, MADE, OVER, CANCELLED
        }

        private final CoreSubscriber<? super T> actual;
        private final Consumer<T> unwanted;
        private final AtomicReference<Course> course = new AtomicReference<>(Course.WAITING);
        private volatile @Nullable T made;

        Delivery(CoreSubscriber<? super T> actual, Consumer<T> unwanted) {
            this.actual = actual;
            this.unwanted = unwanted;
        }

        void carryOut(Callable<? extends @Nullable T> call) {
            T value;
            try {
                value = call.call();
            } catch (Exception | Error e) {
                fail(e);
                return;
            }
            if (value == null) {
                completeEmpty();
                return;
            }
            made = value;
            if (course.compareAndSet(Course.WAITING, Course.MADE)) {
                return;
            }
            if (course.compareAndSet(Course.REQUESTED, Course.OVER)) {
                deliver(value);
            } else {
                unwanted.accept(value);
            }
        }

        private void completeEmpty() {
            if (course.getAndSet(Course.OVER) != Course.CANCELLED) {
                actual.onComplete();
            }
        }

        void fail(Throwable failure) {
            if (course.getAndSet(Course.OVER) == Course.CANCELLED) {
                tell(failure);
            } else {
                actual.onError(failure);
            }
        }

        /** The caller has been told something else, such as that it took too long. */
        private static void tell(Throwable failure) {
            if (failure instanceof Error) {
                LOG.warn("what nobody waited for any more has failed", failure);
            } else {
                LOG.debug("what nobody waited for any more has failed", failure);
            }
        }

        private void deliver(T value) {
            actual.onNext(value);
            actual.onComplete();
        }

        @Override
        public void request(long count) {
            if (!Operators.validate(count) || course.compareAndSet(Course.WAITING, Course.REQUESTED)) {
                return;
            }
            T value = made;
            if (value != null && course.compareAndSet(Course.MADE, Course.OVER)) {
                deliver(value);
            }
        }

        @Override
        public void cancel() {
            if (course.getAndSet(Course.CANCELLED) == Course.MADE) {
                unwanted.accept(Objects.requireNonNull(made));
            }
        }
    }

    private <T> void submit(ExecutorService threads, MonoSink<T> sink, Work<T> work) {
        Future<?> submitted;
        try {
            submitted = threads.submit(() -> carryOut(sink, work));
        } catch (RejectedExecutionException e) {
            sink.error(new IllegalStateException("the executor is closed", e));
            return;
        } catch (OutOfMemoryError e) {
            sink.error(withoutThreads(e));
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
