package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One attempt at a call, from before the plugin's gate until its answer was read: all of it within the deadline, among those
 * that are counted, and before the plugin's end.
 *
 * <p>It has a permit from when it may be sent until its answer came or it is over, and gives it back then.
 *
 * <p>It is over once, by whatever comes first: its answer was read, it failed, it is too late, the plugin ended, nobody waits
 * any more. {@link #over} decides; what comes later means nothing.
 */
final class Attempt<A> extends Operators.MonoSubscriber<Answer, A>
        implements
            CodecTurn.Work,
            Permits.Waiting {
    private final CallMeans means;
    private final Asked asked;
    private final Class<A> type;
    private final Passage passage;
    private final Exchange exchange;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean permitted = new AtomicBoolean();
    private final Crowd crowd = new Crowd();
    private final Context context;
    private volatile @Nullable Subscription upstream;
    private volatile @Nullable Answer answer;

    /** Passes the gate. @throws PluginCallException if it must not */
    Attempt(CoreSubscriber<? super A> actual, CallMeans means, Asked asked, Class<A> type) {
        super(actual);
        this.means = means;
        this.asked = asked;
        this.type = type;
        // Kept, since the client below asks for it ten times, and each time it would be passed up by all that are above.
        this.context = actual.currentContext();
        this.passage = means.gate().forCall(asked);
        this.exchange = new Exchange(asked, means.endpoint().generation(), means.clock(), this::stopped);
    }

    @Override
    public Context currentContext() {
        return context;
    }

    /** Begins, for a subscriber that knows of it. */
    void begin() {
        if (over.get()) {
            return;
        }
        InFlight inFlight = means.gate().inFlight();
        inFlight.enter(exchange);
        if (over.get()) {
            inFlight.leave(exchange); // it was over before it entered
        } else if (asked.isUnwritten()) {
            offer();
        } else {
            queue();
        }
    }

    /** Waits until it may be sent. */
    private void queue() {
        Permits permits = means.permits();
        permits.acquire(this);
        if (over.get()) {
            permits.withdraw(this); // it may have been over before it was there
        }
    }

    @Override
    public void granted() {
        permitted.set(true);
        if (over.get()) {
            giveBack(); // unless whoever made it over does
        } else {
            send();
        }
    }

    private void giveBack() {
        if (permitted.compareAndSet(true, false)) {
            means.permits().release();
        }
    }

    private void offer() {
        CodecTurn turn = means.turn();
        turn.offer(this);
        if (over.get()) {
            turn.withdraw(this); // it may have been over before it was there
        }
    }

    /** Once the plugin has ended nothing is sent: whoever ends the client stops this, too. */
    private void send() {
        if (!over.get() && !means.gate().inFlight().hasEnded()) {
            exchange.whole(means.wire().pooled(), means.options().maxAnswerBytes()).subscribe(this);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        upstream = subscription;
        if (over.get()) {
            subscription.cancel();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Answer whole) {
        passage.answered();
        answer = whole;
        if (whole.isLarge() || !means.codec().knows(type)) {
            giveBack();
            offer();
        } else {
            work();
        }
    }

    @Override
    public void onComplete() {
        if (answer == null) {
            onError(new PluginCallException.Broken(asked.call(), "ended the connection during", null));
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (exchange.isCrowdedOut(failure)) {
            sendLater(failure);
        } else if (fail(exchange.explained(failure))) {
            exchange.cut();
        }
    }

    private void sendLater(Throwable failure) {
        try {
            var _ = means.clock()
                    .scheduler()
                    .schedule(this::send, crowd.nextPauseMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            fail(exchange.explained(failure)); // the timer ends after all clients have: this is late news
        }
    }

    @Override
    public void work() {
        if (over.get()) {
            return;
        }
        Answer whole = answer;
        if (whole == null) {
            write();
        } else {
            read(whole);
        }
    }

    private void write() {
        try {
            asked.write(means.codec());
        } catch (Throwable failure) {
            fail(failure);
            return;
        }
        queue();
    }

    private void read(Answer whole) {
        Optional<A> said;
        try {
            said = means.codec().decode(asked.call(), whole, type);
        } catch (Throwable failure) {
            fail(failure);
            return;
        }
        if (finish()) {
            end();
            tell(CallWatch.Outcome.OK);
            said.ifPresentOrElse(this::complete, actual::onComplete);
        }
    }

    @Override
    public void refused(RejectedExecutionException reason) {
        fail(answer == null
                ? new PluginCallException.TooMany(asked.call(), means.options().limits().calls(),
                        "calls under way or waiting")
                : new PluginCallException.Unreadable(asked.call(), "nobody has the time to read it",
                        reason));
    }

    private void stopped(PluginCallException reason) {
        if (fail(reason)) {
            withdraw();
        }
    }

    /** Fails, if it is not over; answers whether that was so. */
    private boolean fail(Throwable failure) {
        if (!finish()) {
            return false;
        }
        passage.failed(failure);
        end();
        tell(CallWatch.Outcome.of(failure));
        actual.onError(failure);
        return true;
    }

    @Override
    public void cancel() {
        super.cancel();
        if (finish()) {
            passage.givenUp(exchange, means.options().circuit().patienceNanos());
            end();
            tell(CallWatch.Outcome.CANCELLED);
            withdraw();
        }
    }

    private void tell(CallWatch.Outcome outcome) {
        means.watch().ended(asked.call().method(), outcome);
    }

    private boolean finish() {
        return over.compareAndSet(false, true);
    }

    private void end() {
        passage.end(exchange);
        giveBack();
    }

    private void withdraw() {
        Subscription request = upstream;
        exchange.cut(request == null ? Operators.emptySubscription() : request);
        means.turn().withdraw(this);
        means.permits().withdraw(this);
    }
}
