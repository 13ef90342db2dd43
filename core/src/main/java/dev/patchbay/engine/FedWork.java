package dev.patchbay.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Work of the store on content that is sent to it. It takes as long as its senders do; but when none of them owes it
 * anything, it is the disk that keeps everybody waiting, and that has a limit. For one subscriber.
 */
final class FedWork {
    private final Patience patience;
    private final List<Debt> debts = new CopyOnWriteArrayList<>();

    FedWork(String what, Works works) {
        patience = new Patience(what, works.config().limits().content(),
                () -> debts.stream().noneMatch(Debt::isOwed), works.threads());
    }

    /** What somebody sends. */
    Flux<ByteBuffer> fed(Publisher<ByteBuffer> sent) {
        return Flux.defer(() -> {
            var debt = new Debt(patience::moved);
            debts.add(debt);
            return debt.counting(sent);
        });
    }

    /** The work, which is cancelled, and fails, when the disk does not go on. */
    <T> Mono<T> limited(Mono<T> work) {
        return Mono.defer(() -> {
            patience.moved(); // its time begins with it
            return Mono.firstWithSignal(work, patience.end());
        });
    }
}
