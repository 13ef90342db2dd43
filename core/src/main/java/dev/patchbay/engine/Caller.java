package dev.patchbay.engine;

import dev.patchbay.Plugins;
import dev.patchbay.engine.Decision.Outcome;
import dev.patchbay.engine.Submission.Sending;
import dev.patchbay.engine.Submission.Ways;
import dev.patchbay.stream.Occasion;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.ContextView;

/**
 * Somebody who waits for the answer to one letter.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>whoever sets {@code answer}, which is set once, has the caller told on the thread that replies;
 *   <li>whoever brings {@code step} to {@code OVER}, which it never leaves, and nobody else, may signal, or forget the
 *       subscriber;
 *   <li>a value waits for a request ({@code UNREQUESTED}), the end and a failure do not.
 * </ol>
 */
final class Caller<T> implements Subscription, Reply, Occasion.Waiter {
    /** A letter that the closing engine did not come to has no answer of its own. */
    private static final Outcome UNREAD = new Outcome.Failed(new Refusal.Closing());

    private final Ways ways;
    private final Function<Outcome.Done, @Nullable T> result;
    private @Nullable CoreSubscriber<? super T> actual; // for who brings the step to OVER
    private final AtomicReference<Step> step = new AtomicReference<>(Step.WAITING);
    private final AtomicReference<@Nullable Outcome> answer = new AtomicReference<>();

    private enum Step {
        /** For an answer; nothing is requested. */
        WAITING,
        /** A value may be given as soon as there is one. */
        REQUESTED,
        /** There is a value, which nobody requested. */
        UNREQUESTED,
        /** Told, or gone. */
        OVER
    }

    Caller(Ways ways, Function<Outcome.Done, @Nullable T> result, CoreSubscriber<? super T> actual) {
        this.ways = ways;
        this.result = result;
        this.actual = actual;
    }

    /**
     * Begins to wait. On the subscribing thread, when the subscriber knows of this; also for one that left at once.
     *
     * @param context of the subscriber
     */
    void send(Sending sending, ContextView context) {
        ways.ended().await(this);
        if (step.get() == Step.OVER) {
            ways.ended().leave(this); // it left before it came
        }
        try {
            String requestId = context.<String>getOrEmpty(Plugins.REQUEST_ID).orElse("");
            sending.send(requestId, this);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            fail(e);
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // who waits no more is no reason to complain: this one, not one like it
    public void give(Outcome outcome) {
        Outcome before = answer.compareAndExchange(null, outcome);
        if (before == null) {
            schedule();
        } else if (before != UNREAD) {
            throw Reply.answeredTwice(outcome);
        }
    }

    @Override
    public void happened() {
        if (answer.compareAndSet(null, UNREAD)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            ways.replies().schedule(this::tell);
        } catch (RejectedExecutionException _) {
            tell(); // the thread has ended: better here than never
        }
    }

    private void tell() {
        switch (answer.get()) {
            case null -> throw new IllegalStateException("there is no answer");
            case Outcome.Failed(Refusal why) -> fail(Refusals.exception(why));
            case Outcome.Done done -> succeed(done);
        }
    }

    private void succeed(Outcome.Done done) {
        T value;
        try {
            value = result.apply(done);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            fail(e); // what was done cannot be told, but that there is an end can
            return;
        }
        succeed(value);
    }

    private void succeed(@Nullable T value) {
        if (value != null && step.compareAndSet(Step.WAITING, Step.UNREQUESTED)) {
            return;
        }
        if (end()) {
            CoreSubscriber<? super T> subscriber = Objects.requireNonNull(actual);
            if (value != null) {
                subscriber.onNext(value);
            }
            subscriber.onComplete();
        }
    }

    private void fail(Throwable why) {
        if (end()) {
            Objects.requireNonNull(actual).onError(why);
        }
    }

    private boolean end() {
        boolean first = step.getAndSet(Step.OVER) != Step.OVER;
        if (first) {
            ways.ended().leave(this);
        }
        return first;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && !step.compareAndSet(Step.WAITING, Step.REQUESTED)
                && step.compareAndSet(Step.UNREQUESTED, Step.REQUESTED)) {
            schedule();
        }
    }

    @Override
    public void cancel() {
        if (end()) { // a second time means nothing
            actual = null; // the letter is kept until it is answered, and must not keep what waited for that
        }
    }
}
