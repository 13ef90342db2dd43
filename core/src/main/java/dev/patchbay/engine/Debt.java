package dev.patchbay.engine;

import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** What was asked of one publisher and has not come yet: whose turn it is. */
final class Debt {
    private static final long WITHOUT_END = Long.MAX_VALUE;

    private final AtomicLong owed = new AtomicLong();
    private final Runnable moved;

    /** Makes one that tells, on any thread, whenever something is asked for or comes. */
    Debt(Runnable moved) {
        this.moved = moved;
    }

    /** The same values, counted. For one subscriber. */
    <T> Flux<T> counting(Publisher<T> debtor) {
        return Flux.from(debtor)
                .doOnRequest(this::asked)
                .doOnNext(_ -> came())
                .doFinally(_ -> settled());
    }

    /** Whether the publisher owes something. */
    boolean isOwed() {
        return owed.get() > 0;
    }

    // Moved first, here and below: whoever sees whose turn it is now sees that its time has just begun, too.
    private void asked(long count) {
        moved.run();
        owed.getAndUpdate(before -> before >= WITHOUT_END - count ? WITHOUT_END : before + count);
    }

    private void came() {
        moved.run();
        owed.getAndUpdate(before -> before == WITHOUT_END || before == 0 ? before : before - 1);
    }

    private void settled() {
        moved.run();
        owed.set(0);
    }
}
