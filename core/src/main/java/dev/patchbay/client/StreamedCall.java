package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import dev.patchbay.stream.UntilFailure;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/** A call whose answer is a stream, from before the plugin's gate until the end of the stream. */
final class StreamedCall {
    private final CallMeans means;
    private final Asked asked;
    private final Sinks.Empty<ByteBuffer> stop = Sinks.empty();
    private final Passage passage;
    private final Exchange exchange;

    /** Passes the gate. @throws PluginCallException if it must not */
    private StreamedCall(CallMeans means, Asked asked) {
        this.means = means;
        this.asked = asked;
        this.passage = means.gate().forStream(asked);
        this.exchange = new Exchange(asked, means.endpoint().generation(), means.clock(), this::stopped);
        means.gate().inFlight().enter(exchange);
    }

    private void stopped(PluginCallException reason) {
        var _ = stop.tryEmitError(reason); // a second reason is none
    }

    static Flux<ByteBuffer> of(CallMeans means, Asked asked) {
        return Flux.usingWhen(Mono.fromCallable(() -> new StreamedCall(means, asked)), StreamedCall::bytes,
                call -> Mono.fromRunnable(call::completed),
                (call, failure) -> Mono.fromRunnable(() -> call.failed(failure)),
                call -> Mono.fromRunnable(call::cancelled));
    }

    private Flux<ByteBuffer> bytes() {
        var crowd = new Crowd();
        Flux<ByteBuffer> answer = exchange
                .streamed(means.wire().single(), passage::answered, means.codec())
                .transform(Operators.<ByteBuffer, ByteBuffer>liftPublisher(
                        (_, reader) -> new Cutting(exchange, reader)))
                .retryWhen(
                        Retry.from(failures -> failures.concatMap(signal -> later(signal.failure(), crowd))));
        Flux<ByteBuffer> work = asked.isUnwritten() ? written().thenMany(answer) : answer;
        return UntilFailure.of(work, stop.asMono()).onErrorMap(exchange::explained);
    }

    private Mono<Long> later(Throwable failure, Crowd crowd) {
        return exchange.isCrowdedOut(failure)
                ? Mono.delay(Duration.ofMillis(crowd.nextPauseMillis()), means.clock().scheduler())
                : Mono.error(failure);
    }

    private Mono<Void> written() {
        return Mono.create(sink -> {
            var work = new Writing(sink);
            sink.onCancel(() -> means.turn().withdraw(work));
            means.turn().offer(work);
        });
    }

    private final class Writing implements CodecTurn.Work {
        private final MonoSink<Void> sink;

        private Writing(MonoSink<Void> sink) {
            this.sink = sink;
        }

        @Override
        public void work() {
            try {
                asked.write(means.codec());
            } catch (Throwable failure) {
                sink.error(failure);
                return;
            }
            sink.success();
        }

        @Override
        public void refused(RejectedExecutionException reason) {
            sink.error(new PluginCallException.TooMany(asked.call(), means.options().limits().streams(),
                    "streams"));
        }
    }

    private void completed() {
        passage.answered();
        end(CallWatch.Outcome.OK);
    }

    private void end(CallWatch.Outcome outcome) {
        passage.end(exchange);
        means.watch().ended(asked.call().method(), outcome);
    }

    private void failed(Throwable failure) {
        passage.failed(failure);
        end(CallWatch.Outcome.of(failure));
        exchange.cut();
    }

    private void cancelled() {
        passage.givenUp(exchange, means.options().circuit().patienceNanos());
        end(CallWatch.Outcome.CANCELLED);
        exchange.cut();
    }
}
