package dev.patchbay.client;

import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Makes a call, once for each subscription. An operator of its own: a small call is worth no chain of them. */
final class Asking<A> extends Mono<A> {
    private final CallMeans means;
    private final Supplier<Asked> asked;
    private final Class<A> type;

    Asking(CallMeans means, Supplier<Asked> asked, Class<A> type) {
        this.means = means;
        this.asked = asked;
        this.type = type;
    }

    @Override
    public void subscribe(CoreSubscriber<? super A> actual) {
        Attempt<A> attempt;
        try {
            Asked call = asked.get();
            attempt = begun(actual, call);
        } catch (RuntimeException refused) {
            Operators.error(actual, refused);
            return;
        }
        actual.onSubscribe(attempt);
        attempt.begin();
    }

    private Attempt<A> begun(CoreSubscriber<? super A> actual, Asked call) {
        try {
            return new Attempt<>(actual, means, call, type);
        } catch (RuntimeException refused) {
            means.watch().ended(call.call().method(), CallWatch.Outcome.of(refused));
            throw refused;
        }
    }
}
