package dev.patchbay.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Work of the store on content that is sent to it. It takes as long as its senders do; but when none of them owes it
 * anything, it is the disk that keeps everybody waiting, and that has a limit. Until it begins it may wait for a thread of
 * the store, which is no fault of the disk's as long as any other such work goes on, or has a sender that is slow. For one
 * subscriber.
 */
final class FedWork {
    private final FedWorks others;
    private final Patience patience;
    private final List<Debt> debts = new CopyOnWriteArrayList<>();
    private volatile boolean begun;

    FedWork(String what, FedWorks others, Limits limits, EngineThreads threads) {
        this.others = others;
        this.patience = new Patience(what, limits.content(), this::isStoresTurn, threads);
    }

    private boolean isStoresTurn() {
        return begun ? !isOwed() : !others.anyIsOwed();
    }

    /** What somebody sends. */
    Flux<ByteBuffer> fed(Publisher<ByteBuffer> sent) {
        return Flux.defer(() -> {
            var debt = new Debt(this::moved);
            debts.add(debt);
            return debt.counting(sent);
        });
    }

    /** It went on. */
    void moved() {
        patience.moved(); // before it has begun: as long as it waits, only the others count
        begun = true;
        others.moved();
    }

    /** Another one went on. */
    void otherMoved() {
        if (!begun) {
            patience.moved();
        }
    }

    /** Whether it waits for a sender. */
    boolean isOwed() {
        return debts.stream().anyMatch(Debt::isOwed);
    }

    /** The work, which is cancelled, and fails, when the disk does not go on. */
    <T> Mono<T> limited(Mono<T> work) {
        return Mono.defer(() -> {
            others.add(this);
            patience.moved(); // its time begins with it
            return Mono.firstWithSignal(work, patience.<T>end()).doFinally(_ -> others.remove(this));
        });
    }
}
