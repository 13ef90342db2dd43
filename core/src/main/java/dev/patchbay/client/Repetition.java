package dev.patchbay.client;

import dev.patchbay.PluginCallException;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Makes a call that is repeatable again when its connection failed. For one subscription. */
final class Repetition {
    private final CallRetries retries;
    private final CallClock clock;
    private final Mono<Long> ended;
    private final long began;
    private int failures;

    /** From now on, until the last one fails. */
    Repetition(CallRetries retries, CallClock clock, Mono<Long> ended) {
        this.retries = retries;
        this.clock = clock;
        this.ended = ended;
        this.began = clock.nanos();
    }

    /** For {@code retryWhen}: signals come one after the other. */
    Retry asRetry() {
        return Retry.from(signals -> signals.concatMap(signal -> pause(signal.failure())));
    }

    private Publisher<Long> pause(Throwable failure) {
        if (!isOfTransport(failure)) {
            return Mono.error(failure);
        }
        failures++;
        var elapsed = Duration.ofNanos(clock.nanos() - began);
        return retries.pause(failures, elapsed)
                .map(pause -> Mono.firstWithSignal(ended,
                        Mono.delay(Duration.ofNanos(CallClock.nanos(pause)), clock.scheduler())))
                .orElseGet(() -> Mono.error(failure));
    }

    private static boolean isOfTransport(Throwable failure) {
        return switch (failure) {
            case PluginCallException call -> switch (call) {
                case PluginCallException.Broken _,PluginCallException.TimedOut _,PluginCallException.Unreachable _ ->
                    true;
                case PluginCallException.CircuitOpen _,PluginCallException.Ended _,PluginCallException.NotImplemented _,PluginCallException.OtherScheme _,PluginCallException.Refused _,PluginCallException.TooLarge _,PluginCallException.TooMany _,PluginCallException.Unreadable _ ->
                    false;
            };
            default -> false;
        };
    }
}
