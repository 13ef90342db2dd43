package dev.patchbay.testing.offender;

import dev.patchbay.testing.offender.helper.Accomplice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Breaks every rule, so that a test can see the rules bite. Nobody calls it. */
public final class OffenceManager {
    private OffenceManager() {}

    static Optional<String> blocks(Mono<String> mono) {
        return mono.blockOptional();
    }

    static Function<Flux<String>, Iterable<String>> blocksByReference() {
        return Flux::toIterable;
    }

    static Flux<String> goesOn(Flux<String> flux) {
        return flux.onErrorContinue((_, _) -> {});
    }

    static void hooks() {
        Hooks.onOperatorDebug();
    }

    static Scheduler shares() {
        return Schedulers.boundedElastic();
    }

    static void sleeps() throws InterruptedException {
        Thread.sleep(1);
    }

    static void outlivesItsEngine() {
        Runtime.getRuntime().addShutdownHook(new Thread(OffenceManager::hooks));
    }

    static void waitsForACarrier() throws InterruptedException {
        Thread.ofVirtual().start(OffenceManager::hooks).join();
    }

    static Mono<String> drops(Mono<String> mono) {
        return mono.timeout(Duration.ofSeconds(1));
    }

    static void prints() {
        System.err.println(List.of());
    }

    /** Closes the cycle. */
    public static Accomplice helps() {
        return new Accomplice();
    }
}
