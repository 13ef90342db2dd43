package dev.patchbay.simulation;

import dev.patchbay.PullProgress;
import dev.patchbay.plugin.PluginId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** One client that waits for one answer: eagerly, or asking for one signal after the other with pauses. */
final class Asking implements CoreSubscriber<Object> {
    private final Attempt attempt;
    private final Client client;
    private final Lane lane;
    private final boolean slow;
    private @Nullable Subscription subscription;
    private Optional<PluginId> made = Optional.empty();
    private boolean over;
    private boolean left;

    Asking(Attempt attempt, Client client, Lane lane, boolean slow) {
        this.attempt = attempt;
        this.client = client;
        this.lane = lane;
        this.slow = slow;
    }

    @Override
    public void onSubscribe(Subscription to) {
        subscription = to;
        to.request(slow ? 1 : Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object value) {
        if (over) {
            client.answeredTwice(attempt);
        }
        switch (value) {
            case PluginId id -> made = Optional.of(id);
            case PullProgress.Done(PluginId id) -> made = Optional.of(id);
            default -> {
            }
        }
        Subscription from = subscription;
        if (slow && from != null) {
            var _ = lane.after(50 * VirtualTime.MILLISECOND, () -> from.request(1));
        }
    }

    @Override
    public void onError(Throwable e) {
        if (ends()) {
            client.failed(attempt, e);
        }
    }

    @Override
    public void onComplete() {
        if (ends()) {
            client.done(attempt, made);
        }
    }

    private boolean ends() {
        if (over) {
            client.answeredTwice(attempt);
            return false;
        }
        over = true;
        return !left;
    }

    /** Does not want to know any more. */
    void hangUp() {
        Subscription from = subscription;
        if (!over && attempt.isPending() && from != null) {
            left = true;
            attempt.hungUp();
            from.cancel();
        }
    }

    boolean isOver() {
        return over || left;
    }

    @Override
    public String toString() {
        return attempt.what() + " of " + attempt.name() + " number " + attempt.number();
    }
}
