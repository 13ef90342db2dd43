package dev.patchbay.event;

import dev.patchbay.event.EventSignal.Beginning;
import dev.patchbay.event.EventSignal.Subscribed;
import java.time.Instant;
import reactor.core.publisher.Mono;

/**
 * Says where views begin.
 *
 * @param log of which they are views
 */
public record Beginnings(EventLog log) {
    /** Where a view begins that does so now; whoever makes one listens to the log before it asks. <b>Cold.</b> */
    public Mono<Subscribed> of(From from) {
        return Mono.defer(() -> {
            Bounds bounds = log.bounds();
            return switch (from) {
                case From.Now() -> Mono.just(ok(bounds.newest(), bounds));
                case From.Oldest() -> Mono.just(ok(bounds.beforeOldest(), bounds));
                case From.At(Cursor cursor) -> Mono.just(bounds.resume(cursor));
                case From.Since(Instant time) -> log.before(time).map(cursor -> since(cursor, log.bounds()));
            };
        });
    }

    private static Subscribed ok(Cursor place, Bounds bounds) {
        return new Subscribed(Beginning.OK, place, bounds.newest());
    }

    /** If the oldest event that is kept is late enough already, those that are not kept may be, too. */
    private static Subscribed since(Cursor place, Bounds bounds) {
        boolean mayMiss = bounds.oldest() > 1 && place.seq() < bounds.oldest();
        return new Subscribed(mayMiss ? Beginning.TRIMMED : Beginning.OK, place, bounds.newest());
    }
}
