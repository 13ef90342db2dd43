package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * An answer, whole, or as much of it as is wanted: what comes after that is not read. An operator of its own, as a small call
 * is worth no chain of them; and no chunk goes on from here, since a host's hook for what operators discard would release it
 * a second time.
 *
 * @see Exchange
 */
final class Collected extends Mono<Answer> {
    private final Publisher<ByteBuf> chunks;
    private final int status;
    private final int limit;
    private final Call call;

    /**
     * Makes one.
     *
     * @param limit how many bytes are wanted: of an answer that has more, if it is one, the call fails, and of a refusal they
     *     are enough
     */
    Collected(Call call, Publisher<ByteBuf> chunks, int status, int limit) {
        this.call = call;
        this.chunks = chunks;
        this.status = status;
        this.limit = limit;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Answer> actual) {
        chunks.subscribe(new Collector(actual));
    }

    private final class Collector extends Operators.MonoSubscriber<ByteBuf, Answer> {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private Subscription upstream = Operators.emptySubscription();
        private boolean over;

        Collector(CoreSubscriber<? super Answer> actual) {
            super(actual);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuf chunk) {
            if (over) {
                return;
            }
            try {
                chunk.readBytes(body, chunk.readableBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("memory does not fail", e);
            }
            if (body.size() > limit) {
                upstream.cancel();
                end();
            }
        }

        @Override
        public void onComplete() {
            if (!over) {
                end();
            }
        }

        private void end() {
            over = true;
            if (body.size() > limit && status == Answer.OK) {
                actual.onError(new PluginCallException.TooLarge(call, limit));
            } else {
                complete(new Answer(status, body.toByteArray()));
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (over) {
                Operators.onErrorDropped(failure, actual.currentContext());
            } else {
                over = true;
                actual.onError(failure);
            }
        }

        @Override
        public void cancel() {
            super.cancel();
            upstream.cancel();
        }
    }
}
