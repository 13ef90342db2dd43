package dev.patchbay.client;

import java.nio.ByteBuffer;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Hands an answer on, and cuts its exchange off when it is cancelled. */
final class Cutting implements CoreSubscriber<ByteBuffer>, Subscription {
    private final Exchange exchange;
    private final CoreSubscriber<? super ByteBuffer> reader;
    private Subscription answer = Operators.emptySubscription();

    Cutting(Exchange exchange, CoreSubscriber<? super ByteBuffer> reader) {
        this.exchange = exchange;
        this.reader = reader;
    }

    @Override
    public Context currentContext() {
        return reader.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        answer = subscription;
        reader.onSubscribe(this);
    }

    @Override
    public void request(long bytes) {
        answer.request(bytes);
    }

    @Override
    public void cancel() {
        exchange.cut(answer);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        reader.onNext(bytes);
    }

    @Override
    public void onError(Throwable failure) {
        reader.onError(failure);
    }

    @Override
    public void onComplete() {
        reader.onComplete();
    }
}
